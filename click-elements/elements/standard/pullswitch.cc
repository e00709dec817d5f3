#include <click/config.h>
#include "pullswitch.hh"
CLICK_DECLS

void *PullSwitch::port_cast(bool isoutput, int port, const char *name) {
    return isoutput && strcmp(name, Notifier::EMPTY_NOTIFIER) == 0 ? static_cast<Notifier *>(&_notifier) : SimplePullSwitch::port_cast(isoutput, port, name);
}

int PullSwitch::initialize(ErrorHandler *) {
    _task.initialize(this, false);
    for (int i = 0; i < ninputs(); ++i)
        _signals.push_back(Notifier::upstream_empty_signal(this, i, &_task));
    return 0;
}

void PullSwitch::nothing() {
    if (!asleep())
        return;
    _notifier.sleep();
    if (!asleep())
        _notifier.wake();
}

/** Some input has woken. */
bool PullSwitch::run_task(Task *) {
    if (!asleep())
        _notifier.wake();
    return true;
}

void PullSwitch::set_input(int in) {
    SimplePullSwitch::set_input(in);
    if (_signals.size())
        run_task(nullptr);
}

Packet *PullSwitch::pull(int) {
    Packet *p = SimplePullSwitch::pull(0);
    if (!p)
        nothing();
    return p;
}

PacketBatch *PullSwitch::pull_batch(int, unsigned max) {
    PacketBatch *b = SimplePullSwitch::pull_batch(0, max);
    if (!b)
        nothing();
    return b;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(SimplePullSwitch)
EXPORT_ELEMENT(PullSwitch)
