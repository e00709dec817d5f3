#include <click/config.h>
#include "simplepriosched.hh"
CLICK_DECLS

Packet *SimplePrioSched::pull(int) {
    for (int i = 0; i < ninputs(); ++i)
        if (Packet *p = input(i).pull()) return p;
    return nullptr;
}

PacketBatch *SimplePrioSched::pull_batch(int, unsigned max) {
    PacketBatch *all = nullptr;
    for (int i = 0; i < ninputs() && max; ++i)
        if (PacketBatch *b = input(i).pull_batch(max)) {
            max -= b->count();
            if (all) all->append_batch(b);
            else all = b;
        }
    return all;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SimplePrioSched)
