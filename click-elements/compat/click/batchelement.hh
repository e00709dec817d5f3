// For building lclick's elements in upstream Click, which has no batches: the bases with which they are written, over plain Element.
// In FastClick, which has batches, and in lclick this file is not to be found before their own.
#ifndef LCLICK_COMPAT_BATCHELEMENT_HH
#define LCLICK_COMPAT_BATCHELEMENT_HH
#include <click/element.hh>
#if HAVE_BATCH
# error "compat/click/batchelement.hh is for a Click without batches"
#endif
CLICK_DECLS

/** A batch is never made here; the batch forms of elements are written, compiled and not called. */
class PacketBatch { public:
    Packet *first() const { return _head; }
    unsigned count() const { return _count; }
  private:
    PacketBatch();
    Packet *_head;
    unsigned _count;
};
#define FOR_EACH_PACKET(batch, p) for (Packet *p = (batch)->first(); p; p = p->next())
#define FOR_EACH_PACKET_SAFE(batch, p) \
    for (Packet *p = (batch)->first(), *next_##p = p ? p->next() : 0; p; p = next_##p, next_##p = p ? p->next() : 0)

class BatchElement : public Element { public:
    virtual void push_batch(int, PacketBatch *) {}
    virtual PacketBatch *pull_batch(int, unsigned) { return 0; }
    virtual PacketBatch *simple_action_batch(PacketBatch *b) { return b; }
};

/** T has `Packet *simple_action(Packet *)`, null for a packet that it killed or gave elsewhere. */
template <typename T> class SimpleElement : public BatchElement { public:
    void push(int, Packet *p) { if ((p = static_cast<T *>(this)->T::simple_action(p))) output(0).push(p); }
    Packet *pull(int) { Packet *p = input(0).pull(); return p ? static_cast<T *>(this)->T::simple_action(p) : 0; }
};
template <typename T> class SimpleBatchElement : public SimpleElement<T> {};

/** T has `int classify(Packet *)`, the output; what is out of range is killed. */
template <typename T> class ClassifyElement : public BatchElement { public:
    void push(int, Packet *p) { checked_output_push(static_cast<T *>(this)->T::classify(p), p); }
};

CLICK_ENDDECLS
#endif
