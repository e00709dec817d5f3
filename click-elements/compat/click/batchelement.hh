// What lclick's elements need of batches in another Click: put this folder before that Click's include folder.
// FastClick has batches of its own and lacks only what gathers packets. In a Click without, lists of packets stand in for
// them, which end at a port: whoever pushes a batch there pushes its packets, one after the other.
#ifndef LCLICK_COMPAT_BATCHELEMENT_HH
#define LCLICK_COMPAT_BATCHELEMENT_HH
#include <click/config.h>
#include <click/element.hh>
#if HAVE_BATCH
# include_next <click/batchelement.hh>
#else
# include <click/packetbatch.hh>
#endif
#include <string.h>
CLICK_DECLS

/** Gathers packets to a batch. */
class BatchBuilder { public:
    BatchBuilder() : _head(0), _tail(0), _count(0) {}
    void append(Packet *p) {
        if (_tail) _tail->set_next(p);
        else _head = p;
        _tail = p;
        ++_count;
    }
    unsigned count() const { return _count; }
    bool empty() const { return !_count; }
    /** The batch, or null if nothing was appended; the builder is empty again. */
    PacketBatch *finish() {
        if (!_head) return 0;
        _tail->set_next(0);
        PacketBatch *b = PacketBatch::make_from_simple_list(_head, _tail, _count);
        _head = _tail = 0, _count = 0;
        return b;
    }
    /** At most @a n clones of @a p, which stays; null if memory is out. */
    static PacketBatch *clones(Packet *p, unsigned n) {
        BatchBuilder batch;
        while (batch.count() < n)
            if (Packet *q = p->clone()) batch.append(q);
            else break;
        return batch.finish();
    }
  private:
    Packet *_head, *_tail;
    unsigned _count;
};

/** Gathers nothing: packets are pushed on as they come, FastClick's ports gather by themselves. */
struct GatherScope {
    explicit GatherScope(Element *) {}
    ~GatherScope() {}
};

#ifndef BATCH_MAX_PULL
# define BATCH_MAX_PULL 256
#endif

#if HAVE_BATCH
typedef Element::Port BatchPort;
#else
/** Deal the packets of @a batch out by fnt(packet), and call on_finish(i, part) for each part; what is out of range goes to the last. */
#define CLASSIFY_EACH_PACKET(nbatches, fnt, batch, on_finish) do { \
    const int click_n = (nbatches); \
    BatchBuilder click_part[click_n]; \
    FOR_EACH_PACKET_SAFE(batch, click_p) { \
        int click_o = fnt(click_p); \
        click_part[click_o < 0 || click_o >= click_n ? click_n - 1 : click_o].append(click_p); \
    } \
    for (int click_i = 0; click_i < click_n; ++click_i) \
        if (PacketBatch *click_b = click_part[click_i].finish()) on_finish(click_i, click_b); \
} while (0)

/** A port that takes and gives batches as single packets. */
class BatchPort { public:
    explicit BatchPort(const Element::Port &port) : _port(&port) {}
    operator const Element::Port &() const { return *_port; }
    bool active() const { return _port->active(); }
    Element *element() const { return _port->element(); }
    int port() const { return _port->port(); }
    void push(Packet *p) const { _port->push(p); }
    Packet *pull() const { return _port->pull(); }
    void push_batch(PacketBatch *batch) const { FOR_EACH_PACKET_SAFE(batch, p) _port->push(p); }
    PacketBatch *pull_batch(unsigned max) const {
        BatchBuilder batch;
        while (batch.count() < max)
            if (Packet *p = _port->pull()) batch.append(p);
            else break;
        return batch.finish();
    }
  private:
    const Element::Port *_port;
};

class BatchElement : public Element { public:
    BatchPort output(int i) const { return BatchPort(Element::output(i)); }
    BatchPort input(int i) const { return BatchPort(Element::input(i)); }
    void output_push_batch(int i, PacketBatch *batch) { output(i).push_batch(batch); }
    PacketBatch *input_pull_batch(int i, unsigned max) { return input(i).pull_batch(max); }
    void checked_output_push_batch(int i, PacketBatch *batch) const {
        if (unsigned(i) < unsigned(noutputs())) output(i).push_batch(batch);
        else batch->kill();
    }

    virtual void push_batch(int port, PacketBatch *batch) { FOR_EACH_PACKET_SAFE(batch, p) push(port, p); }
    virtual PacketBatch *pull_batch(int port, unsigned max) {
        BatchBuilder batch;
        while (batch.count() < max)
            if (Packet *p = pull(port)) batch.append(p);
            else break;
        return batch.finish();
    }
    virtual PacketBatch *simple_action_batch(PacketBatch *batch) {
        BatchBuilder kept;
        FOR_EACH_PACKET_SAFE(batch, p)
            if (Packet *q = simple_action(p)) kept.append(q);
        return kept.finish();
    }
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
#endif

CLICK_ENDDECLS
#endif
