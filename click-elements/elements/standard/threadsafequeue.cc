#include <click/config.h>
#include "threadsafequeue.hh"
CLICK_DECLS

void ThreadSafeQueue::push(int port, Packet *p) {
    _push_lock.acquire();
    Queue::push(port, p);
    _push_lock.release();
}

void ThreadSafeQueue::push_batch(int port, PacketBatch *b) {
    _push_lock.acquire();
    Queue::push_batch(port, b);
    _push_lock.release();
}

Packet *ThreadSafeQueue::pull(int port) {
    _pull_lock.acquire();
    Packet *p = Queue::pull(port);
    _pull_lock.release();
    return p;
}

PacketBatch *ThreadSafeQueue::pull_batch(int port, unsigned max) {
    _pull_lock.acquire();
    PacketBatch *b = Queue::pull_batch(port, max);
    _pull_lock.release();
    return b;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(Queue)
EXPORT_ELEMENT(ThreadSafeQueue)
