#include <click/config.h>
#include "priosched.hh"
CLICK_DECLS

int PrioSched::initialize(ErrorHandler *) {
    for (int i = 0; i < ninputs(); ++i)
        _signals.push_back(Notifier::upstream_empty_signal(this, i));
    return 0;
}

Packet *PrioSched::pull(int) {
    for (int i = 0; i < ninputs(); ++i)
        if (_signals[i])
            if (Packet *p = input(i).pull()) return p;
    return nullptr;
}

PacketBatch *PrioSched::pull_batch(int, unsigned max) {
    PacketBatch *all = nullptr;
    for (int i = 0; i < ninputs() && max; ++i)
        if (PacketBatch *b = _signals[i] ? input(i).pull_batch(max) : nullptr) {
            max -= b->count();
            if (all) all->append_batch(b);
            else all = b;
        }
    return all;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(PrioSched)
