// Bases for elements that work on batches. SimpleElement is what most elements want: they write simple_action()
// and get push, pull and their batch forms with the call resolved at compile time.
// The names are FastClick's; in upstream Click, which has no batches, those of compat/click stand in.
#ifndef CLICK_BATCHELEMENT_HH
#define CLICK_BATCHELEMENT_HH
#include <click/element.hh>
CLICK_DECLS

/** A port that takes and gives batches; in a Click without batches its ports do not. */
using BatchPort = Element::Port;

class BatchElement : public Element { public:
    void push_batch(int, PacketBatch *batch) override {
        if (PacketBatch *b = simple_action_batch(batch))
            output(0).push_batch(b);
    }
    PacketBatch *pull_batch(int, unsigned max) override {
        PacketBatch *b = input(0).pull_batch(max);
        return b ? simple_action_batch(b) : nullptr;
    }
    void output_push_batch(int port, PacketBatch *b) { output(port).push_batch(b); }
    PacketBatch *input_pull_batch(int port, unsigned max) { return input(port).pull_batch(max); }
};

/** T has `Packet *simple_action(Packet *)`, null for a packet that it killed or gave elsewhere. */
template <typename T> class SimpleElement : public BatchElement { public:
    void push(int, Packet *p) override {
        if ((p = static_cast<T *>(this)->T::simple_action(p)))
            output(0).push(p);
    }
    Packet *pull(int) override {
        Packet *p = input(0).pull();
        return p ? static_cast<T *>(this)->T::simple_action(p) : nullptr;
    }
    PacketBatch *simple_action_batch(PacketBatch *batch) override {
        if (noutputs() < 2)
            return act_on_each(batch);
        GatherScope gather(this);       // what goes to other outputs goes in batches too
        return act_on_each(batch);
    }

  private:
    PacketBatch *act_on_each(PacketBatch *batch) {
        T *self = static_cast<T *>(this);
        // Most batches come out as they went in, and are not linked anew. An element may have had a packet in a list of its own
        // before it gave the same one back.
        unsigned same = 0, count = batch->count();
        Packet *before = nullptr, *q = nullptr, *next = nullptr;
        for (Packet *p = batch; p; before = p, p = next, ++same) {
            next = p->next();
            q = self->T::simple_action(p);
            if (unlikely(q != p || p->next() != next)) break;
        }
        if (likely(same == count)) return PacketBatch::make_from_simple_list(batch, before, count);
        BatchBuilder kept;
        if (before) kept.append_list(batch, before, same);
        if (q) kept.append(q);
        FOR_EACH_PACKET_LL_SAFE(next, p)
            if ((q = self->T::simple_action(p))) kept.append(q);
        return kept.finish();
    }
};
template <typename T> using SimpleBatchElement = SimpleElement<T>;

/** T has `int classify(Packet *)`, the output; what is out of range is killed. */
template <typename T> class ClassifyElement : public BatchElement { public:
    void push(int, Packet *p) override { checked_output_push(static_cast<T *>(this)->T::classify(p), p); }
    void push_batch(int, PacketBatch *batch) override {
        T *self = static_cast<T *>(this);
        const int n = noutputs();
        if (n >= classify_batch_limit) {
            FOR_EACH_PACKET_SAFE(batch, p) push(0, p);
            return;
        }
        classify_batch(
            batch, n + 1,
            [=](Packet *p) {
                int o = self->T::classify(p);
                return (unsigned) o < (unsigned) n ? o : n;
            },
            [=](int o, PacketBatch *b) {
                if (o < n) output(o).push_batch(b);
                else b->kill();
            });
    }
};

CLICK_ENDDECLS
#endif
