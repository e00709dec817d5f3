// Batches for a Click without: lists of packets, linked as Click links packets. In FastClick, FastClick's own.
#ifndef LCLICK_COMPAT_PACKETBATCH_HH
#define LCLICK_COMPAT_PACKETBATCH_HH
#include <click/config.h>
#include <click/packet.hh>
#if HAVE_BATCH
# include_next <click/packetbatch.hh>
#else
CLICK_DECLS

#define FOR_EACH_PACKET(batch, p) for (Packet *p = (batch)->first(); p; p = p->next())
#define FOR_EACH_PACKET_SAFE(batch, p) \
    for (Packet *p = (batch)->first(), *next_##p = p ? p->next() : 0; p; p = next_##p, next_##p = p ? p->next() : 0)

/** The first packet of a list that ends with a null next(); its prev() is the last one. */
class PacketBatch : public WritablePacket { public:
    Packet *first() { return this; }
    const Packet *first() const { return this; }
    Packet *tail() { return prev(); }
    unsigned count() const {
        unsigned n = 0;
        for (const Packet *p = this; p; p = p->next()) ++n;
        return n;
    }

    static PacketBatch *make_from_packet(Packet *p) { return p ? make_from_simple_list(p, p, 1) : 0; }
    static PacketBatch *make_from_simple_list(Packet *head, Packet *tail, unsigned) {
        tail->set_next(0);
        head->set_prev(tail);
        return static_cast<PacketBatch *>(head);
    }
    void append_packet(Packet *p) {
        prev()->set_next(p);
        p->set_next(0);
        set_prev(p);
    }
    void append_batch(PacketBatch *batch) {
        Packet *end = batch->prev();
        prev()->set_next(batch);
        set_prev(end);
    }
    /** The first @a n packets stay; the rest is @a rest, or null if there are no more. */
    void split(unsigned n, PacketBatch *&rest) {
        Packet *last = this, *end = prev();
        while (--n && last) last = last->next();
        rest = last && last->next() ? make_from_simple_list(last->next(), end, 0) : 0;
        if (rest) make_from_simple_list(this, last, 0);
    }
    void kill() { FOR_EACH_PACKET_SAFE(this, p) p->kill(); }
    /** Clones of all packets, or as many as memory allows; null if none. */
    PacketBatch *clone_batch() {
        Packet *head = 0, *last = 0;
        FOR_EACH_PACKET(this, p)
            if (Packet *q = p->clone()) {
                if (last) last->set_next(q);
                else head = q;
                last = q;
            }
        return head ? make_from_simple_list(head, last, 0) : 0;
    }
};

CLICK_ENDDECLS
#endif
#endif
