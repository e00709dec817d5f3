#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "simplequeue.hh"
#include <click/master.hh>
CLICK_DECLS

void *SimpleQueue::cast(const char *name) {
    if (strcmp(name, "Storage") == 0)
        return static_cast<Storage *>(this);
    return strcmp(name, "SimpleQueue") == 0 ? this : Element::cast(name);
}

int SimpleQueue::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_p("CAPACITY", BoundedIntArg(1, 1 << 24), _wanted_capacity).complete(); }

int SimpleQueue::initialize(ErrorHandler *errh) {
    _multithreaded = master()->nthreads() > 1;
    return set_capacity(_wanted_capacity) ? 0 : errh->error("out of memory");
}

/** A ring of that size with the packets that were there; the newest are dropped if they do not fit. */
bool SimpleQueue::set_capacity(int capacity) {
    Packet **ring = (Packet **) malloc(sizeof(Packet *) * (capacity + 1));
    if (!ring)
        return false;
    int n = 0;
    while (Packet *p = dequeue())
        if (n < capacity)
            ring[n++] = p;
        else
            ++_drops, p->kill();
    bool first = !_ring;
    free(_ring);
    _ring = ring, _head = 0, _tail = n, _slots = capacity + 1;
    if (!first)
        changed();
    return true;
}

int SimpleQueue::live_reconfigure(Vector<String> &conf, ErrorHandler *errh) {
    int capacity = 1000;
    if (Args(conf, this, errh).read_p("CAPACITY", BoundedIntArg(1, 1 << 24), capacity).complete() < 0)
        return -1;
    return set_capacity(capacity) ? 0 : errh->error("out of memory");
}

void SimpleQueue::take_state(Element *old, ErrorHandler *) {
    SimpleQueue *q = (SimpleQueue *) old->cast("SimpleQueue");
    for (Packet *p; q && (p = q->dequeue()); )
        enqueue(p);
}

void SimpleQueue::cleanup(CleanupStage) {
    while (Packet *p = dequeue())
        p->kill();
    free(_ring);
    _ring = nullptr;
}

void SimpleQueue::push(int, Packet *p) { enqueue(p); }
void SimpleQueue::push_batch(int, PacketBatch *b) { FOR_EACH_PACKET_SAFE(b, p) enqueue(p); }
Packet *SimpleQueue::pull(int) { return dequeue(); }

String SimpleQueue::read(Element *e, void *data) {
    SimpleQueue *q = static_cast<SimpleQueue *>(e);
    switch ((uintptr_t) data) {
    case 0: return String(q->size());
    case 1: return String(q->_highwater);
    case 2: return String(q->capacity());
    default: return String(q->_drops);
    }
}

int SimpleQueue::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    SimpleQueue *q = static_cast<SimpleQueue *>(e);
    if ((uintptr_t) data == 2) {
        int n;
        if (!BoundedIntArg(1, 1 << 24).parse(cp_uncomment(s), n, ArgContext(e, errh)))
            return -EINVAL;
        return q->set_capacity(n) ? 0 : errh->error("out of memory");
    }
    if ((uintptr_t) data == 4)
        q->_drops = 0, q->_highwater = q->size();
    else {
        while (Packet *p = q->dequeue())
            p->kill();
        q->changed();
    }
    return 0;
}

void SimpleQueue::add_handlers() {
    add_read_handler("length", read, 0);
    add_read_handler("highwater_length", read, 1);
    add_read_handler("capacity", read, 2, Handler::f_calm);
    add_write_handler("capacity", write, 2);
    add_read_handler("drops", read, 3);
    add_write_handler("reset_counts", write, 4, Handler::f_button | Handler::f_nonexclusive);
    add_write_handler("reset", write, 5, Handler::f_button);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SimpleQueue)
