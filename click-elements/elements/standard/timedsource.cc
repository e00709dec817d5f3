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

int TimedSource::reset(const String &, Element *e, void *, ErrorHandler *) {
    TimedSource *t = static_cast<TimedSource *>(e);
    t->_count = 0;
    if (t->_active && !t->_timer.scheduled())
        t->_timer.schedule_after(t->_interval);
    return 0;
}

int TimedSource::write_active(const String &s, Element *e, void *, ErrorHandler *errh) {
    TimedSource *t = static_cast<TimedSource *>(e);
    if (!cp_bool(cp_uncomment(s), &t->_active))
        return errh->error("syntax error");
    if (!t->_active)
        t->_timer.unschedule();
    else if (!t->_timer.scheduled())
        t->_timer.schedule_after(t->_interval);
    return 0;
}

void TimedSource::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_write_handler("active", write_active, 0);
    add_write_handler("reset", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(TimedSource)
