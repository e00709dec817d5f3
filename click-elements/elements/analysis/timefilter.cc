#include <click/config.h>
#include "timefilter.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <click/straccum.hh>
CLICK_DECLS

int TimeFilter::configure(Vector<String> &conf, ErrorHandler *errh) {
    Timestamp s[3], e[4];
    bool has_s[3], has_e[4];
    if (Args(conf, this, errh).read("START", s[0]).read_status(has_s[0]).read("START_AFTER", s[1]).read_status(has_s[1]).read("START_DELAY", s[2]).read_status(has_s[2])
            .read("END", e[0]).read_status(has_e[0]).read("END_AFTER", e[1]).read_status(has_e[1]).read("END_DELAY", e[2]).read_status(has_e[2])
            .read("INTERVAL", e[3]).read_status(has_e[3]).read("STOP", _stop).read("END_CALL", AnyArg(), _end_call).complete() < 0)
        return -1;
    if (has_s[0] + has_s[1] + has_s[2] > 1)
        return errh->error("START, START_AFTER, and START_DELAY are mutually exclusive");
    if (has_e[0] + has_e[1] + has_e[2] + has_e[3] > 1)
        return errh->error("END, END_AFTER, END_DELAY, and INTERVAL are mutually exclusive");
    if (_stop && _end_call)
        return errh->error("END_CALL and STOP are mutually exclusive");
    for (int i = 0; i < 3; ++i)
        if (has_s[i]) _start = s[i], _start_kind = k_absolute + i;
    for (int i = 0; i < 4; ++i)
        if (has_e[i]) _end = e[i], _end_kind = k_absolute + i;
    return 0;
}

int TimeFilter::initialize(ErrorHandler *errh) {
    if (_start_kind == k_delay) _start += Timestamp::now();
    if (_end_kind == k_delay) _end += Timestamp::now();
    if (_end_kind == k_interval && _start_kind != k_after && _start_kind != k_none) _end += _start, _end_kind = k_absolute;
    HandlerCall call(_end_call);
    return _end_call ? call.initialize_write(this, errh) : 0;
}

void TimeFilter::first_packet(const Timestamp &t) {
    _seen = true;
    if (_start_kind == k_after) _start += t;
    if (_end_kind == k_after) _end += t;
    if (_end_kind == k_interval) _end += _start_kind == k_none ? t : _start;
}

void TimeFilter::ended(const Timestamp &t) {
    _ended = true;
    if (_stop)
        router()->please_stop_driver();
    if (!_end_call)
        return;
    StringAccum sa;
    const char *s = _end_call.begin(), *end = _end_call.end();
    for (; s < end; ++s)
        if (end - s >= 2 && *s == '$' && s[1] == 't' && (end - s == 2 || !isalnum((unsigned char) s[2]))) sa << t, ++s;
        else sa << *s;
    HandlerCall::call_write(sa.take_string(), this, ErrorHandler::default_handler());
}

Packet *TimeFilter::simple_action(Packet *p) {
    Timestamp t = p->timestamp_anno();
    if (!_seen)
        first_packet(t);
    if (_end_kind != k_none && t >= _end && !_ended)
        ended(t);
    if (t >= _start && (_end_kind == k_none || t < _end))
        return p;
    checked_output_push(1, p);
    return nullptr;
}

String TimeFilter::read_interval(Element *e, void *) {
    TimeFilter *f = static_cast<TimeFilter *>(e);
    return (f->_end - f->_start).unparse();
}

int TimeFilter::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    TimeFilter *f = static_cast<TimeFilter *>(e);
    Timestamp t;
    if (!cp_time(cp_uncomment(s), &t, true))
        return errh->error("expected timestamp");
    switch ((uintptr_t) data) {
    case 0: f->_start = t, f->_start_kind = k_absolute; return 0;
    case 1: f->_end = t; break;
    case 2: f->_end = f->_start + t; break;
    default: f->_end += t; break;
    }
    f->_end_kind = k_absolute;
    f->_ended = false;
    return 0;
}

void TimeFilter::add_handlers() {
    add_data_handlers("start", Handler::f_read, &_start);
    add_write_handler("start", write, 0);
    add_data_handlers("end", Handler::f_read, &_end);
    add_write_handler("end", write, 1);
    add_read_handler("interval", read_interval, 0);
    add_write_handler("interval", write, 2);
    add_write_handler("extend_interval", write, 3);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(TimeFilter)
