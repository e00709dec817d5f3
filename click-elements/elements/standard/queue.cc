#include <click/config.h>
#include "queue.hh"
CLICK_DECLS

void *Queue::port_cast(bool isoutput, int port, const char *name) {
    if (isoutput && strcmp(name, Notifier::EMPTY_NOTIFIER) == 0)
        return static_cast<Notifier *>(&_nonempty);
    if (!isoutput && strcmp(name, Notifier::FULL_NOTIFIER) == 0)
        return static_cast<Notifier *>(&_nonfull);
    return Element::port_cast(isoutput, port, name);
}

// With two threads, each side first changes its end of the queue and then looks at the other's, so that of a push and a
// pull that meet at least one sees the other and nobody sleeps beside a packet.

inline void Queue::pushed() {
    if (_multithreaded)
        std::atomic_thread_fence(std::memory_order_seq_cst);
    _nonempty.wake();
    if (unlikely(size() >= capacity())) {
        _nonfull.sleep();
        if (_multithreaded && size() < capacity())
            _nonfull.wake();
    }
}

inline void Queue::pulled(bool some) {
    if (_multithreaded)
        std::atomic_thread_fence(std::memory_order_seq_cst);
    // Asleep only when a pull finds nothing: the last packet of a burst costs no notification.
    if (some)
        _nonfull.wake();
    else {
        _nonempty.sleep();
        if (_multithreaded && size())
            _nonempty.wake();
    }
}

void Queue::push(int, Packet *p) {
    enqueue(p);
    pushed();
}

void Queue::push_batch(int, PacketBatch *b) {
    FOR_EACH_PACKET_SAFE(b, p) enqueue(p);
    pushed();
}

Packet *Queue::pull(int) {
    Packet *p = dequeue();
    pulled(p);
    return p;
}

PacketBatch *Queue::pull_batch(int, unsigned max) {
    PacketBatch *b = dequeue_batch(max);
    pulled(b);
    return b;
}

void Queue::changed() {
    size() ? _nonempty.wake() : _nonempty.sleep();
    size() < capacity() ? _nonfull.wake() : _nonfull.sleep();
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(SimpleQueue)
EXPORT_ELEMENT(Queue)
