#include <click/config.h>
#include "delayshaper.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int DelayShaper::configure(Vector<String> &conf, ErrorHandler *errh) {
    Timestamp delay;
    if (Args(conf, this, errh).read_mp("DELAY", delay).complete() < 0)
        return -1;
    if (delay < Timestamp())
        return errh->error("DELAY must not be negative");
    _delay = delay;
    if (_timer.initialized())
        _notifier.release();
    return 0;
}

int DelayShaper::initialize(ErrorHandler *) {
    _timer.initialize(this);
    _notifier.initialize(this, 0);
    return 0;
}

void DelayShaper::cleanup(CleanupStage) {
    if (_p)
        _p->kill();
    _p = nullptr;
}

void *DelayShaper::port_cast(bool isoutput, int port, const char *name) {
    return isoutput && strcmp(name, Notifier::EMPTY_NOTIFIER) == 0 ? static_cast<Notifier *>(&_notifier) : Element::port_cast(isoutput, port, name);
}

Packet *DelayShaper::pull(int) {
    if (!_p && !(_p = input(0).pull())) {
        _notifier.nothing();
        return nullptr;
    }
    Timestamp now = Timestamp::now();
    if (!_p->timestamp_anno())
        _p->timestamp_anno() = now;
    Timestamp left = _p->timestamp_anno() + _delay - now;
    if (left > Timestamp()) {
        _notifier.hold();
        _timer.schedule_after(left);
        return nullptr;
    }
    Packet *p = _p;
    _p = nullptr;
    p->timestamp_anno() = now;
    return p;
}

void DelayShaper::add_handlers() {
    add_data_handlers("delay", Handler::f_read | Handler::f_calm, &_delay);
    add_write_handler("delay", reconfigure_keyword_handler, "0 DELAY");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(DelayShaper)
