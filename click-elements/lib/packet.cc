// Packets and their pool. A packet whose bytes fit a pool buffer is one block, header and bytes together; a clone
// is a header alone that refers to another packet's bytes; a larger packet is a header and bytes from malloc(), one
// around somebody else's bytes a header and how to give them back.
// Each thread has free lists of its own. Where one thread makes packets and another kills them, chunks of blocks
// return through a common store, so that neither malloc() nor a lock is on the path of most packets.
#include <click/config.h>
#include <click/packetbatch.hh>
#include "packetpool.hh"
#include <initializer_list>
#include <malloc.h>
#include <stddef.h>
#if defined(__x86_64__)
# include <immintrin.h>
#endif
CLICK_DECLS

static_assert(sizeof(click_ip) == 20 && sizeof(click_tcp) == 20 && sizeof(click_ether) == 14, "wire layouts");

int Packet::live_count() { return (int) (pool.live + live_of_ended_threads); }
int64_t Packet::system_allocations() { return pool.from_system + from_system_of_ended_threads; }

void Packet::drain_pool() {
    pool.blocks.drain(block_store);
    pool.headers.drain(header_store);
    live_of_ended_threads += pool.live, from_system_of_ended_threads += pool.from_system;
    pool.live = pool.from_system = 0;
}

bool Packet::pool_has_spare() { return pool.blocks.count > 2 * idle_keep || pool.headers.count > 2 * idle_keep; }

void Packet::trim_pool() {
    for (PacketPool::List *l : {&pool.blocks, &pool.headers})
        if (l->count > idle_keep) l->trim();
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

/** A packet with @a size bytes of buffer (none for 0); nothing else is set but what must be. */
Packet *Packet::allocate(uint32_t size) {
    Packet *p;
    if (likely(size && size <= pool_buffer)) {
        p = pool.blocks.get(header_room + pool_buffer, block_store);
        if (!p) return nullptr;
        p->_storage = in_block;
        p->_head = (unsigned char *) p + header_room;
        p->_size = pool_buffer;
    } else {
        p = pool.headers.get(header_room, header_store);
        if (!p) return nullptr;
        p->_storage = elsewhere;
        if (size) {
            p->_storage = in_heap;
            p->_head = (unsigned char *) malloc(size);
            ++pool.from_system;
            if (!p->_head) {
                pool.headers.put(p, header_store);
                return nullptr;
            }
            p->_size = size;
        }
    }
    p->_refs.reset();
    p->_origin = nullptr;
    ++pool.live;
    return p;
}

void Packet::clear_annotations(bool all) {
    memset(_anno, 0, sizeof _anno);
    if (!all) return;
    _mac = _nh = _th = nullptr;
    _type = HOST;
    _next = _prev = nullptr;
    _timestamp = Timestamp();
}

void Packet::copy_annotations(const Packet *p) {
    memcpy(_anno, p->_anno, sizeof _anno);
    _type = p->_type;
    _timestamp = p->_timestamp;
}

WritablePacket *Packet::make(uint32_t headroom, const void *data, uint32_t len, uint32_t tailroom) {
    uint64_t size = uint64_t(headroom) + len + tailroom;
    if (size > 0x7FFFFFFF)
        return nullptr;
    Packet *p = allocate(size < min_buffer_length ? (uint32_t) min_buffer_length : (uint32_t) size);
    if (!p)
        return nullptr;
    p->_data = p->_head + headroom;
    p->_tail = p->_data + len;
    p->clear_annotations();
    if (data)
        memcpy(p->_data, data, len);
    return static_cast<WritablePacket *>(p);
}

namespace {
/** Whose bytes a packet has; behind it in its block, where a packet from the pool has its buffer. */
struct Loan {
    Packet::buffer_destructor_type end;
    void *argument;
    static Loan &of(Packet *p) { return *reinterpret_cast<Loan *>(p + 1); }
};
static_assert(sizeof(Packet) + sizeof(Loan) <= header_room && sizeof(Packet) % alignof(Loan) == 0, "no room for a loan");
}

WritablePacket *Packet::make(unsigned char *data, uint32_t len, buffer_destructor_type end, void *argument, int headroom, int tailroom) {
    Packet *p = allocate(0);
    if (!p)
        return nullptr;
    p->_storage = lent;
    p->_head = data - headroom;
    p->_size = (uint32_t) headroom + len + (uint32_t) tailroom;
    p->_data = data;
    p->_tail = data + len;
    p->clear_annotations();
    Loan::of(p) = {end, argument};
    return static_cast<WritablePacket *>(p);
}

void Packet::end_loan() {
    const Loan &loan = Loan::of(this);
    loan.end(_head, _size, loan.argument);
}

WritablePacket *Packet::make_pooled(uint32_t headroom) {
    WritablePacket *p = make(headroom, nullptr, 0, pool_buffer - headroom);
    return p;
}

void Packet::recycle() {
    --pool.live;
    if (likely(_storage == in_block)) {
        pool.blocks.put(this, block_store);
        return;
    }
    Packet *origin = _origin;
    if (_storage == in_heap) free(_head);
    else if (_storage == lent) end_loan();
    pool.headers.put(this, header_store);
    if (origin) origin->kill();
}

/** Makes clones of one packet from empty headers, with few and wide stores: that is all that a clone costs. */
struct CloneMaker {
    enum { shared_part = Packet::copied_from };
    const Packet *from;
    Packet *origin;
    explicit CloneMaker(Packet *p) : from(p), origin(p->_origin ? p->_origin : p) {
        static_assert(offsetof(Packet, _data) == shared_part, "see packet.hh");
    }
    /** Make clones along the links from @a p, at most @a n; returns the last, null if @a p is. @a made counts on. */
    Packet *along(Packet *p, unsigned n, unsigned &made) const {
#if defined(__x86_64__)
        if (has_avx) return along_avx(p, n, made);
#endif
        Packet *last = nullptr;
        unsigned i = 0;
        for (; i < n && p; last = p, p = p->_next, ++i) {
            p->_refs.reset();
            p->_size = from->_size, p->_storage = elsewhere, p->_type = from->_type;
            memcpy((char *) p + shared_part, (const char *) from + shared_part, sizeof(Packet) - shared_part);
            p->_origin = origin;
        }
        made += i;
        return last;
    }

  private:
#if defined(__x86_64__)
    static const bool has_avx;
    __attribute__((target("avx"))) Packet *along_avx(Packet *p, unsigned n, unsigned &made) const {
        // What is the clones' own: one owner, no batch, the original's size and type.
        const __m128i own = _mm_set_epi32(elsewhere | from->_type << 8, (int) from->_size, 0, 1);
        static_assert(offsetof(Packet, _refs) == 16 && offsetof(Packet, _size) == 24 && offsetof(Packet, _storage) == 28 && offsetof(Packet, _type) == 29 && sizeof(Packet) == shared_part + 112, "see packet.hh");
        const char *image = (const char *) from + shared_part;
        const __m256i a = _mm256_loadu_si256((const __m256i *) image), b = _mm256_loadu_si256((const __m256i *) (image + 32)),
            c = _mm256_loadu_si256((const __m256i *) (image + 64));
        const __m128i d = _mm_loadu_si128((const __m128i *) (image + 96));
        Packet *const owner = origin, *last = nullptr;
        unsigned i = 0;
        for (; i < n && p; last = p, p = p->_next, ++i) {
            char *to = (char *) p;
            _mm_store_si128((__m128i *) (to + 16), own);
            _mm256_store_si256((__m256i *) (to + 32), a);
            _mm256_store_si256((__m256i *) (to + 64), b);
            _mm256_store_si256((__m256i *) (to + 96), c);
            _mm_store_si128((__m128i *) (to + 128), d);
            p->_origin = owner;
        }
        made += i;
        return last;
    }
#endif
};
#if defined(__x86_64__)
const bool CloneMaker::has_avx = __builtin_cpu_supports("avx");
#endif

Packet *Packet::clone() {
    Packet *p = allocate(0);
    if (!p)
        return nullptr;
    Packet *origin = _origin ? _origin : this;
    memcpy((void *) p, (const void *) this, sizeof *this);
    p->_refs.reset();
    p->_storage = elsewhere;
    p->_origin = origin;
    p->_next = p->_prev = nullptr;
    origin->_refs.take(1);
    return p;
}

PacketBatch *PacketBatch::make_clones(Packet *from, unsigned n) {
    const CloneMaker maker(from);
    // As long as the free list lasts, its links are the batch's.
    Packet *first = pool.headers.head;
    unsigned made = 0;
    Packet *last = maker.along(first, n, made);
    if (last) pool.headers.head = last->_next, pool.headers.count -= made;
    for (Packet *p; made < n && (p = pool.headers.get(header_room, header_store)); last = p) {
        p->_next = nullptr;
        maker.along(p, 1, made);
        if (last) last->_next = p;
        else first = p;
    }
    if (!made)
        return nullptr;
    pool.live += made;
    maker.origin->_refs.take(made);
    return make_from_simple_list(first, last, made);
}

PacketBatch *PacketBatch::clone_batch() {
    BatchBuilder copies;
    FOR_EACH_PACKET(this, p)
        if (Packet *q = p->clone())
            copies.append(q);
    return copies.finish();
}

namespace {
/** Packets of one kind that follow each other in a batch: their links serve the free list as they are. */
struct Run {
    PacketPool::List &list;
    PacketPool::Store &store;
    Packet *first, *last;
    uint32_t n;
    Run(PacketPool::List &l, PacketPool::Store &s) : list(l), store(s), first(nullptr), last(nullptr), n(0) {}
    void add(Packet *p) {
        if (!n) first = p;
        last = p, ++n;
    }
    void end() {
        if (n) list.put(first, last, n, store);
        pool.live -= n;
        n = 0;
    }
};
}

void PacketBatch::kill() {
    Run clones(pool.headers, header_store), blocks(pool.blocks, block_store), loans(pool.headers, header_store);
    Packet *origin = nullptr;       // of the run of clones: their holds on it are let go together
    auto end_clones = [&] {
        uint32_t holds = clones.n;
        clones.end();
        if (holds && origin->_refs.release(holds)) origin->recycle();
    };
    for (Packet *p = this, *next; p; p = next) {
        next = p->_next;
        bool last_owner = p->_refs.alone();
        if (p->_storage == elsewhere && last_owner) {
            blocks.end();
            loans.end();
            if (p->_origin != origin) end_clones(), origin = p->_origin;
            clones.add(p);
        } else {
            end_clones();
            if (p->_storage == in_block && last_owner) {
                loans.end();
                blocks.add(p);
                continue;
            }
            blocks.end();
            if (p->_storage == lent && last_owner) {
                p->end_loan();
                loans.add(p);
            } else {
                loans.end();
                p->kill();
            }
        }
    }
    end_clones();
    blocks.end();
    loans.end();
}

/** Same bytes, annotations and header pointers in a buffer of its own with room as asked; consumes this. */
WritablePacket *Packet::reallocate(uint32_t head_room, uint32_t tail_room, bool free_on_failure) {
    uint64_t size = uint64_t(head_room) + length() + tail_room;
    Packet *q = size > 0x7FFFFFFF ? nullptr : allocate(size < min_buffer_length ? (uint32_t) min_buffer_length : (uint32_t) size);
    if (q) {
        // What lies before the data is kept as far as it fits: Unstrip and its kin go back to it. Nothing goes back to what lies behind.
        uint32_t keep_head = head_room < headroom() ? head_room : headroom();
        unsigned char *data = q->_head + head_room, *head = q->_head;
        memcpy(data - keep_head, _data - keep_head, keep_head + length());
        memcpy((char *) q + copied_from, (const char *) this + copied_from, sizeof(Packet) - copied_from);
        ptrdiff_t moved = data - _data;
        q->_type = _type;
        q->_next = _next, q->_prev = _prev;
        q->_data = data, q->_tail = data + length(), q->_head = head;
        if (_mac) q->_mac += moved;
        if (_nh) q->_nh += moved;
        if (_th) q->_th += moved;
        q->_origin = nullptr;
    }
    if (q || free_on_failure) kill();
    return static_cast<WritablePacket *>(q);
}

WritablePacket *Packet::copy() { return reallocate(headroom(), tailroom()); }

WritablePacket *Packet::push_slowly(uint32_t n) {
    WritablePacket *q = headroom() >= n ? copy() : reallocate(n + default_headroom + 36, tailroom());
    if (q)
        q->_data -= n;
    return q;
}

WritablePacket *Packet::put_slowly(uint32_t n) {
    WritablePacket *q = tailroom() >= n ? copy() : reallocate(headroom(), n + 64);
    if (q)
        q->_tail += n;
    return q;
}

Packet *Packet::nonunique_put(uint32_t n) {
    if (tailroom() < n)
        return put(n);
    _tail += n;
    return this;
}

Packet *Packet::shift_data(int offset, bool free_on_failure) {
    if (!offset)
        return this;
    WritablePacket *q = offset < 0 && headroom() < (uint32_t) -offset ? reallocate(-offset + default_headroom, tailroom(), free_on_failure)
        : offset > 0 && tailroom() < (uint32_t) offset ? reallocate(headroom(), offset, free_on_failure)
        : shared() ? reallocate(headroom(), tailroom(), free_on_failure) : static_cast<WritablePacket *>(this);
    if (!q)
        return nullptr;
    memmove(q->_data + offset, q->_data, q->length());
    q->_data += offset, q->_tail += offset;
    if (q->_mac) q->_mac += offset;
    if (q->_nh) q->_nh += offset;
    if (q->_th) q->_th += offset;
    return q;
}

CLICK_ENDDECLS
