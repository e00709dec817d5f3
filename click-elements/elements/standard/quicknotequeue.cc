#include <click/config.h>
#include "quicknotequeue.hh"
CLICK_DECLS

Packet *QuickNoteQueue::pull(int) {
    Packet *p = Queue::pull(0);
    if (p && !size()) {
        _nonempty.sleep();
        if (_multithreaded && size()) _nonempty.wake();
    }
    return p;
}

PacketBatch *QuickNoteQueue::pull_batch(int, unsigned max) {
    PacketBatch *b = Queue::pull_batch(0, max);
    if (b && !size()) {
        _nonempty.sleep();
        if (_multithreaded && size()) _nonempty.wake();
    }
    return b;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(Queue)
EXPORT_ELEMENT(QuickNoteQueue)
