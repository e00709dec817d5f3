#include <click/config.h>
#include "frontdropqueue.hh"
CLICK_DECLS

void FrontDropQueue::push(int, Packet *p) {
    _lock.acquire();
    Packet *victim = size() >= capacity() ? dequeue() : nullptr;
    _drops += victim != nullptr;
    Queue::push(0, p);
    _lock.release();
    if (victim)
        checked_output_push(1, victim);
}

void FrontDropQueue::push_batch(int, PacketBatch *b) { FOR_EACH_PACKET_SAFE(b, p) push(0, p); }

Packet *FrontDropQueue::pull(int) {
    _lock.acquire();
    Packet *p = Queue::pull(0);
    _lock.release();
    return p;
}

PacketBatch *FrontDropQueue::pull_batch(int, unsigned max) {
    _lock.acquire();
    PacketBatch *b = Queue::pull_batch(0, max);
    _lock.release();
    return b;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(NotifierQueue)
EXPORT_ELEMENT(FrontDropQueue)
