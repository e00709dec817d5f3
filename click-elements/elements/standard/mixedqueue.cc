#include <click/config.h>
#include "mixedqueue.hh"
CLICK_DECLS

/** Returns what had to go for it. */
Packet *MixedQueue::push_front(Packet *p) {
    Packet *victim = nullptr;
    int head = _head.load(), tail = _tail.load();
    if (size() >= capacity()) {
        tail = tail ? tail - 1 : _slots - 1;
        victim = _ring[tail];
        _tail.store(tail);
        ++_drops;
    }
    head = head ? head - 1 : _slots - 1;
    _ring[head] = p;
    _head.store(head);
    if (size() > _highwater) _highwater = size();
    return victim;
}

void MixedQueue::push(int port, Packet *p) {
    _lock.acquire();
    Packet *victim = nullptr;
    if (port == 0)
        Queue::push(0, p);
    else {
        victim = push_front(p);
        changed();
    }
    _lock.release();
    if (victim)
        checked_output_push(1, victim);
}

void MixedQueue::push_batch(int port, PacketBatch *b) { FOR_EACH_PACKET_SAFE(b, p) push(port, p); }

Packet *MixedQueue::pull(int) {
    _lock.acquire();
    Packet *p = Queue::pull(0);
    _lock.release();
    return p;
}

PacketBatch *MixedQueue::pull_batch(int, unsigned max) {
    _lock.acquire();
    PacketBatch *b = Queue::pull_batch(0, max);
    _lock.release();
    return b;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(NotifierQueue)
EXPORT_ELEMENT(MixedQueue)
