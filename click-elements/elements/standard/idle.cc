#include <click/config.h>
#include "idle.hh"
#include <click/args.hh>
CLICK_DECLS

int Idle::configure(Vector<String> &conf, ErrorHandler *errh) {
    _notifier.initialize(Notifier::EMPTY_NOTIFIER, router());
    _notifier.set_active(false, false);
    return Args(conf, this, errh).complete();
}

void *Idle::port_cast(bool isoutput, int port, const char *name) {
    if (strcmp(name, Notifier::EMPTY_NOTIFIER) == 0)
        return static_cast<Notifier *>(&_notifier);
    return Element::port_cast(isoutput, port, name);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Idle)
