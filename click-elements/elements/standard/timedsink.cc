#include <click/config.h>
#include "timedsink.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int TimedSink::configure(Vector<String> &conf, ErrorHandler *errh) {
    Timestamp interval = Timestamp::make_msec(500);
    if (Args(conf, this, errh).read_p("INTERVAL", interval).complete() < 0)
        return -1;
    if (interval <= Timestamp())
        return errh->error("INTERVAL must be positive");
    _interval = interval;
    if (_timer.initialized())
        _timer.schedule_after(_interval);
    return 0;
}

int TimedSink::initialize(ErrorHandler *) {
    _timer.initialize(this);
    _timer.schedule_after(_interval);
    return 0;
}

void TimedSink::run_timer(Timer *) {
    if (Packet *p = input(0).pull())
        p->kill();
    _timer.reschedule_after(_interval);
}

void TimedSink::add_handlers() {
    add_data_handlers("interval", Handler::f_read | Handler::f_calm, &_interval);
    add_write_handler("interval", reconfigure_keyword_handler, "0 INTERVAL");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(TimedSink)
