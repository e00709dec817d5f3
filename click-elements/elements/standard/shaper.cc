#include <click/config.h>
#include "shaper.hh"
CLICK_DECLS

int Shaper::configure(Vector<String> &conf, ErrorHandler *errh) {
    Vector<String> with = conf;
    with.push_back("BURST_DURATION 2ms");
    if (_limit.configure(with, this, errh) < 0)
        return -1;
    if (_timer.initialized())
        _notifier.release();
    return 0;
}

int Shaper::initialize(ErrorHandler *) {
    _timer.initialize(this);
    _notifier.initialize(this, 0);
    return 0;
}

void *Shaper::port_cast(bool isoutput, int port, const char *name) {
    if (isoutput && port == 0 && strcmp(name, Notifier::EMPTY_NOTIFIER) == 0)
        return static_cast<Notifier *>(&_notifier);
    return Element::port_cast(isoutput, port, name);
}

PacketBatch *Shaper::pull_batch(int port, unsigned max) {
    if (port == 1)
        return input(0).pull_batch(max);
    PacketBatch *b = _limit.pull(input(0), max);
    if (!_limit.may_pass()) {
        _notifier.hold();
        _timer.schedule_at_steady(Timestamp::recent_steady() + _limit.wait());
    } else if (!b)
        _notifier.nothing();
    return b;
}

int Shaper::reset(const String &, Element *e, void *, ErrorHandler *) {
    Shaper *s = static_cast<Shaper *>(e);
    s->_limit.bucket().fill_to_top();
    s->_notifier.release();
    return 0;
}

void Shaper::add_handlers() {
    add_read_handler("rate", read, 0);
    add_write_handler("rate", reconfigure_keyword_handler, "0 RATE");
    add_write_handler("reset", reset, 0);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Shaper)
