#include <click/config.h>
#include "simpleroundrobinsched.hh"
CLICK_DECLS

Packet *SimpleRoundRobinSched::pull(int) {
    const int n = ninputs();
    for (int tried = 0, i = _next; tried < n; ++tried) {
        Packet *p = input(i).pull();
        i = i + 1 == n ? 0 : i + 1;
        if (p) {
            _next = i;
            return p;
        }
    }
    return nullptr;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SimpleRoundRobinSched)
