// PacketBatch: packets linked by next(), handed on as one. The head packet holds the batch's length and its tail, so
// that a batch needs no memory of its own. The interface is FastClick's.
#ifndef CLICK_PACKETBATCH_HH
#define CLICK_PACKETBATCH_HH
#include <click/packet.hh>
CLICK_DECLS

class PacketBatch : public WritablePacket { public:
    Packet *first() { return this; }
    const Packet *first() const { return this; }
    Packet *tail() const { return _prev; }
    unsigned count() const { return _batch_count; }
    void set_tail(Packet *p) { _prev = p; }
    void set_count(unsigned n) { _batch_count = n; }

    static PacketBatch *make_from_packet(Packet *p) { return p ? close(p, p, 1) : nullptr; }
    /** The list @a head ... @a tail of @a count packets; what follows @a tail is cut off. */
    static PacketBatch *make_from_simple_list(Packet *head, Packet *tail, unsigned count) { return close(head, tail, count); }
    /** A list that ends with a null next(). */
    static PacketBatch *make_from_simple_list(Packet *head) {
        if (!head) return nullptr;
        unsigned n = 1;
        Packet *t = head;
        for (; t->next(); t = t->next()) ++n;
        return close(head, t, n);
    }
    /** Begin a list to which packets are linked by hand, ended by make_tail(). */
    static PacketBatch *start_head(Packet *p) { return static_cast<PacketBatch *>(p); }
    PacketBatch *make_tail(Packet *last, unsigned count) { return close(this, last ? last : this, count); }

    void append_packet(Packet *p) {
        _prev->set_next(p);
        p->set_next(nullptr);
        _prev = p;
        ++_batch_count;
    }
    void append_batch(PacketBatch *b) {
        _prev->set_next(b);
        _prev = b->_prev;
        _batch_count += b->_batch_count;
    }
    /** The first @a n packets stay; the rest is @a rest, or null if there are no more. */
    void split(unsigned n, PacketBatch *&rest) {
        rest = nullptr;
        if (n >= _batch_count) return;
        Packet *last = this;
        for (unsigned i = 1; i < n; ++i) last = last->next();
        rest = close(last->next(), _prev, _batch_count - n);
        close(this, last, n);
    }
    /** Kill all packets. */
    void kill();
    void fast_kill() { kill(); }
    /** At most @a n clones of @a p, which stays; null if memory is out. */
    static PacketBatch *make_clones(Packet *p, unsigned n);
    /** Clones of all packets, or as many as memory allows; null if none. */
    PacketBatch *clone_batch();

  private:
    static PacketBatch *close(Packet *head, Packet *tail, unsigned count) {
        PacketBatch *b = static_cast<PacketBatch *>(head);
        tail->set_next(nullptr);
        b->_prev = tail, b->_batch_count = count;
        return b;
    }
};

/** Gathers packets to a batch. */
class BatchBuilder { public:
    void append(Packet *p) {
        if (_tail) _tail->set_next(p);
        else _head = p;
        _tail = p;
        ++_count;
    }
    /** Packets that are linked already, from @a first to @a last. */
    void append_list(Packet *first, Packet *last, unsigned count) {
        if (_tail) _tail->set_next(first);
        else _head = first;
        _tail = last;
        _count += count;
    }
    unsigned count() const { return _count; }
    bool empty() const { return !_count; }
    /** The batch, or null if nothing was appended; the builder is empty again. */
    PacketBatch *finish() {
        if (!_head) return nullptr;
        PacketBatch *b = PacketBatch::make_from_simple_list(_head, _tail, _count);
        _head = _tail = nullptr, _count = 0;
        return b;
    }
    /** At most @a n clones of @a p, which stays; null if memory is out. */
    static PacketBatch *clones(Packet *p, unsigned n) { return PacketBatch::make_clones(p, n); }
  private:
    Packet *_head = nullptr, *_tail = nullptr;
    unsigned _count = 0;
};

#define FOR_EACH_PACKET_LL(first, p) for (Packet *p = first; p; p = p->next())
#define FOR_EACH_PACKET(batch, p) FOR_EACH_PACKET_LL((batch)->first(), p)
#define FOR_EACH_PACKET_LL_SAFE(first, p) \
    for (Packet *p = first, *click_next_##p = p ? p->next() : nullptr; p; p = click_next_##p, click_next_##p = p ? p->next() : nullptr)
#define FOR_EACH_PACKET_SAFE(batch, p) FOR_EACH_PACKET_LL_SAFE((batch)->first(), p)

/** Replace each packet of @a batch by fnt(packet), leaving out nulls; @a batch is null if none is left. */
#define EXECUTE_FOR_EACH_PACKET_DROPPABLE(fnt, batch, on_drop) do { \
    BatchBuilder click_kept; \
    FOR_EACH_PACKET_SAFE(batch, click_p) { \
        Packet *click_q = fnt(click_p); \
        if (likely(click_q != nullptr)) click_kept.append(click_q); \
        else on_drop(click_p); \
    } \
    batch = click_kept.finish(); \
} while (0)
/** As above, where fnt() never returns null. */
#define EXECUTE_FOR_EACH_PACKET(fnt, batch) EXECUTE_FOR_EACH_PACKET_DROPPABLE(fnt, batch, [](Packet *) {})
/** fnt(packet, emit) may call emit(packet) any number of times. */
#define EXECUTE_FOR_EACH_PACKET_ADD(fnt, batch) do { \
    BatchBuilder click_kept; \
    auto click_emit = [&click_kept](Packet *click_q) { click_kept.append(click_q); }; \
    FOR_EACH_PACKET_SAFE(batch, click_p) fnt(click_p, click_emit); \
    batch = click_kept.finish(); \
} while (0)
/** Deal the packets of @a batch out by way(packet), 0 to @a n - 1, and call emit(i, part) for each part, in the order in which
    they are met. It takes @a n times 24 bytes of the stack: not for more than classify_batch_limit. */
enum { classify_batch_limit = 1024 };
template <typename Way, typename Emit> inline void classify_batch(PacketBatch *batch, const int n, Way way, Emit emit) {
    // Most batches go one way: they are handed on as they are.
    const unsigned count = batch->count();
    const int first = way(batch);
    Packet *last = batch, *p = batch->next();
    unsigned run = 1;
    int o = first;
    for (; run < count && (o = way(p)) == first; ++run) last = p, p = p->next();
    if (likely(run == count)) return emit(first, batch);
    struct Part { Packet *head, *tail; unsigned count; } parts[n];
    int order[n], met = 1;
    uint64_t seen[(n + 63) / 64];
    memset(seen, 0, (n + 63) / 64 * 8);
    parts[first] = Part{batch, last, run}, order[0] = first;
    seen[first >> 6] |= uint64_t(1) << (first & 63);
    for (Packet *next; p; p = next, o = p ? way(p) : 0) {
        next = p->next();
        uint64_t bit = uint64_t(1) << (o & 63);
        if (seen[o >> 6] & bit) {
            parts[o].tail->set_next(p);
            parts[o].tail = p, ++parts[o].count;
        } else {
            seen[o >> 6] |= bit;
            parts[o] = Part{p, p, 1}, order[met++] = o;
        }
    }
    for (int i = 0; i < met; ++i) {
        const Part &part = parts[order[i]];
        emit(order[i], PacketBatch::make_from_simple_list(part.head, part.tail, part.count));
    }
}
/** Deal the packets out by fnt(packet), 0 to nbatches - 1, and call on_finish(i, batch) for each part; what is out of range goes to the last. */
#define CLASSIFY_EACH_PACKET(nbatches, fnt, batch, on_finish) do { \
    const int click_n = (nbatches); \
    classify_batch(batch, click_n, [&](Packet *click_p) { \
        int click_o = fnt(click_p); \
        return click_o < 0 || click_o >= click_n ? click_n - 1 : click_o; \
    }, on_finish); \
} while (0)
/** As above, but what is out of range is killed. */
#define CLASSIFY_EACH_PACKET_IGNORE(nbatches, fnt, batch, on_finish) do { \
    int click_limit = (nbatches); \
    CLASSIFY_EACH_PACKET(click_limit + 1, [&](Packet *click_x) { int click_y = fnt(click_x); return click_y < 0 || click_y > click_limit ? click_limit : click_y; }, batch, \
        [&](int click_j, PacketBatch *click_c) { if (click_j < click_limit) on_finish(click_j, click_c); else click_c->kill(); }); \
} while (0)
/** A batch of what fnt() returns until it is null, at most @a max. */
#define MAKE_BATCH(fnt, head, max) do { \
    BatchBuilder click_made; \
    while (click_made.count() < (unsigned) (max)) { \
        Packet *click_q = fnt; \
        if (!click_q) break; \
        click_made.append(click_q); \
    } \
    head = click_made.finish(); \
} while (0)

#define BATCH_CREATE_INIT(batch) BatchBuilder batch
#define BATCH_CREATE_APPEND(batch, p) batch.append(p)
#define BATCH_CREATE_FINISH(batch) batch.finish()
#define BATCH_MAX_PULL 256

CLICK_ENDDECLS
#endif
