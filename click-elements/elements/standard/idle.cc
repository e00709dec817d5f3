#include <click/config.h>
#include "idle.hh"
CLICK_DECLS

void *Idle::port_cast(bool isoutput, int port, const char *name) {
    if (strcmp(name, Notifier::EMPTY_NOTIFIER) == 0)
        return static_cast<Notifier *>(&_notifier);
    return Element::port_cast(isoutput, port, name);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Idle)
