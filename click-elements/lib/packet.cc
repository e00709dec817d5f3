// Packets and their pool. A packet whose bytes fit a pool buffer is one block, header and bytes together; a clone
// is a header alone that refers to another packet's bytes; a larger packet is a header and bytes from malloc().
// Each thread has free lists of its own. Where one thread makes packets and another kills them, chunks of blocks
// return through a common store, so that neither malloc() nor a lock is on the path of most packets.
#include <click/config.h>
#include <click/packetbatch.hh>
CLICK_DECLS

static_assert(sizeof(click_ip) == 20 && sizeof(click_tcp) == 20 && sizeof(click_ether) == 14, "wire layouts");

namespace {
enum : uint32_t { pool_buffer = 2176, header_room = (sizeof(Packet) + 63) / 64 * 64, chunk = 64, list_limit = 2048, store_limit = 64 };
enum : uint8_t { in_block, in_heap, elsewhere };
struct FreeBlock { FreeBlock *next; };

/** Chunks of free blocks on their way from one thread to another. */
struct Store {
    SimpleSpinlock lock;
    FreeBlock *chunks[store_limit];
    int count = 0;
};

/** The calling thread's free blocks of one size. */
struct FreeList {
    FreeBlock *head;
    uint32_t count;
    void *get(size_t size, Store &store) {
        if (unlikely(!head)) {
            if (!click_multithreaded) return aligned_alloc(64, size);
            store.lock.acquire();
            if (store.count) head = store.chunks[--store.count], count = chunk;
            store.lock.release();
            if (!head) return aligned_alloc(64, size);
        }
        FreeBlock *b = head;
        head = b->next;
        --count;
        return b;
    }
    void put(void *p, Store &store) {
        FreeBlock *b = (FreeBlock *) p;
        b->next = head;
        head = b;
        if (unlikely(++count >= list_limit)) shrink(store);
    }
    void shrink(Store &store) {
        if (click_multithreaded) {
            FreeBlock *first = head, *last = head;
            for (uint32_t i = 1; i < chunk; ++i) last = last->next;
            head = last->next, count -= chunk;
            last->next = nullptr;
            store.lock.acquire();
            bool kept = store.count < (int) store_limit;
            if (kept) store.chunks[store.count++] = first;
            store.lock.release();
            if (!kept) release(first);
        } else {
            FreeBlock *b = head;
            head = b->next;
            --count;
            free(b);
        }
    }
    static void release(FreeBlock *b) {
        while (b) {
            FreeBlock *next = b->next;
            free(b);
            b = next;
        }
    }
    void drain(Store &store) {
        release(head);
        head = nullptr, count = 0;
        while (store.count) release(store.chunks[--store.count]);
    }
};
/** What a thread has. Alive packets are counted where they are made and killed; only the sum means anything. */
struct Pool { FreeList blocks, headers; int64_t live; };
__thread Pool pool;
Store block_store, header_store;
std::atomic<int64_t> live_of_ended_threads{0};
}

int Packet::live_count() { return (int) (pool.live + live_of_ended_threads); }

void Packet::drain_pool() {
    pool.blocks.drain(block_store);
    pool.headers.drain(header_store);
    live_of_ended_threads += pool.live;
    pool.live = 0;
}

/** A packet with @a size bytes of buffer (none for 0); nothing else is set but what must be. */
Packet *Packet::allocate(uint32_t size) {
    Packet *p;
    if (likely(size && size <= pool_buffer)) {
        p = (Packet *) pool.blocks.get(header_room + pool_buffer, block_store);
        if (!p) return nullptr;
        p->_storage = in_block;
        p->_head = (unsigned char *) p + header_room;
        p->_end = p->_head + pool_buffer;
    } else {
        p = (Packet *) pool.headers.get(header_room, header_store);
        if (!p) return nullptr;
        p->_storage = elsewhere;
        if (size) {
            p->_storage = in_heap;
            p->_head = (unsigned char *) malloc(size);
            if (!p->_head) {
                pool.headers.put(p, header_store);
                return nullptr;
            }
            p->_end = p->_head + size;
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
    pool.headers.put(this, header_store);
    if (origin) origin->kill();
}

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
    origin->_refs.take();
    return p;
}

PacketBatch *PacketBatch::clone_batch() {
    BatchBuilder copies;
    FOR_EACH_PACKET(this, p)
        if (Packet *q = p->clone())
            copies.append(q);
    return copies.finish();
}

/** Same bytes, annotations and header pointers in a buffer of its own with room as asked; consumes this. */
WritablePacket *Packet::reallocate(uint32_t head_room, uint32_t tail_room, bool free_on_failure) {
    // What lies outside [data, tail) is kept as far as it fits: elements such as Unstrip go back to it.
    uint32_t keep_head = head_room < headroom() ? head_room : headroom();
    uint32_t keep_tail = tail_room < tailroom() ? tail_room : tailroom();
    WritablePacket *q = make(head_room, nullptr, length(), tail_room);
    if (q) {
        memcpy(q->_data - keep_head, _data - keep_head, keep_head + length() + keep_tail);
        q->copy_annotations(this);
        q->_next = _next, q->_prev = _prev;
        if (_mac) q->_mac = q->_data + (_mac - _data);
        if (_nh) q->_nh = q->_data + (_nh - _data);
        if (_th) q->_th = q->_data + (_th - _data);
    }
    if (q || free_on_failure) kill();
    return q;
}

WritablePacket *Packet::uniqueify() {
    if (!shared())
        return static_cast<WritablePacket *>(this);
    return reallocate(headroom(), tailroom());
}

WritablePacket *Packet::push(uint32_t n) {
    if (headroom() >= n) {
        WritablePacket *q = uniqueify();
        if (q)
            q->_data -= n;
        return q;
    }
    WritablePacket *q = reallocate(n + default_headroom + 36, tailroom());
    if (q)
        q->_data -= n;
    return q;
}

WritablePacket *Packet::push_mac_header(uint32_t n) {
    WritablePacket *q = push(n);
    if (q)
        q->set_mac_header(q->data(), n);
    return q;
}

Packet *Packet::nonunique_push(uint32_t n) {
    if (headroom() < n)
        return push(n);
    _data -= n;
    return this;
}

WritablePacket *Packet::put(uint32_t n) {
    WritablePacket *q = tailroom() >= n ? uniqueify() : reallocate(headroom(), n + 64);
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
