#include <click/config.h>
#include "roundrobinsched.hh"
CLICK_DECLS

int RoundRobinSched::initialize(ErrorHandler *) {
    for (int i = 0; i < ninputs(); ++i)
        _signals.push_back(Notifier::upstream_empty_signal(this, i));
    return 0;
}

Packet *RoundRobinSched::pull(int) {
    const int n = ninputs();
    for (int tried = 0, i = _next; tried < n; ++tried) {
        Packet *p = _signals[i] ? input(i).pull() : nullptr;
        i = i + 1 == n ? 0 : i + 1;
        if (p) {
            _next = i;
            return p;
        }
    }
    return nullptr;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RoundRobinSched)
