#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "timedsource.hh"
#include <click/router.hh>
CLICK_DECLS

int TimedSource::configure(Vector<String> &conf, ErrorHandler *errh) {
    _interval = Timestamp::make_msec(500);
    _data = String();
    _data.append_fill(0, 64);
    if (Args(conf, this, errh).read_p("INTERVAL", _interval).read_p("DATA", _data).read_p("LIMIT", _limit).read_p("ACTIVE", _active).read("STOP", _stop).complete() < 0)
        return -1;
    return _interval > Timestamp() ? 0 : errh->error("INTERVAL must be positive");
}

int TimedSource::initialize(ErrorHandler *) {
    _timer.initialize(this);
    if (_active)
        _timer.schedule_after(_interval);
    return 0;
}

void TimedSource::run_timer(Timer *) {
    if (_limit < 0 || _count < _limit) {
        ++_count;
        if (Packet *p = Packet::make(Packet::default_headroom + 36, _data.data(), _data.length(), 0)) {
            p->timestamp_anno() = Timestamp::now();
            output(0).push(p);
        }
    }
    if (_limit < 0 || _count < _limit)
        _timer.reschedule_after(_interval);
    else if (_stop)
        router()->please_stop_driver();
}

String TimedSource::read(Element *e, void *what) {
    TimedSource *t = static_cast<TimedSource *>(e);
    return (uintptr_t) what == h_data ? t->_data : t->_interval.unparse_interval();
}

int TimedSource::write(const String &s, Element *e, void *what, ErrorHandler *errh) {
    TimedSource *t = static_cast<TimedSource *>(e);
    String word = cp_uncomment(s);
    Timestamp interval;
    switch ((uintptr_t) what) {
    case h_reset: t->_count = 0; break;
    case h_active:
        if (!cp_bool(word, &t->_active)) return errh->error("bad active");
        break;
    case h_data: t->_data = s; break;
    case h_interval:
        if (!cp_time(word, &interval) || interval <= Timestamp()) return errh->error("bad interval");
        t->_interval = interval;
        t->_timer.unschedule();
        break;
    default:
        if (!cp_integer(word, &t->_limit)) return errh->error("expected integer");
    }
    if (!t->_active)
        t->_timer.unschedule();
    else if (!t->_timer.scheduled())
        t->_timer.schedule_after(t->_interval);
    return 0;
}

void TimedSource::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_data_handlers("limit", Handler::f_read, &_limit);
    add_read_handler("data", read, h_data, Handler::f_raw);
    add_read_handler("interval", read, h_interval);
    add_write_handler("active", write, h_active);
    add_write_handler("reset", write, h_reset, Handler::f_button);
    add_write_handler("data", write, h_data, Handler::f_raw);
    add_write_handler("interval", write, h_interval);
    add_write_handler("limit", write, h_limit);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(TimedSource)
