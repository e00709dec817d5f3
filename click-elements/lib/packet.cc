// Packets and their pool. A Packet object and the bytes it refers to are two blocks, so that a clone is one
// small block that refers to another packet's bytes.
#include <click/config.h>
#include <click/packet.hh>
CLICK_DECLS

static_assert(sizeof(click_ip) == 20 && sizeof(click_tcp) == 20 && sizeof(click_ether) == 14, "wire layouts");

namespace {
enum : uint32_t { pool_buffer = 2176, pool_limit = 4096 };
struct FreeBlock { FreeBlock *next; };

/** A bounded free list of equal blocks. Single-threaded, as the driver is. */
struct FreeList {
    FreeBlock *head = nullptr;
    uint32_t count = 0;
    void *get(size_t size) {
        if (FreeBlock *b = head) {
            head = b->next;
            --count;
            return b;
        }
        return malloc(size);
    }
    void put(void *p) {
        if (count >= pool_limit) {
            free(p);
            return;
        }
        FreeBlock *b = (FreeBlock *) p;
        b->next = head;
        head = b;
        ++count;
    }
    void drain() {
        while (FreeBlock *b = head) {
            head = b->next;
            free(b);
        }
        count = 0;
    }
};
FreeList packets, buffers;
int live;
}

int Packet::live_count() { return live; }

void Packet::drain_pool() {
    packets.drain();
    buffers.drain();
}

/** A packet with @a size bytes of buffer (none for 0); nothing else is set but what must be. */
Packet *Packet::allocate(uint32_t size) {
    Packet *p = (Packet *) packets.get(sizeof(Packet));
    if (!p)
        return nullptr;
    p->_head = nullptr;
    p->_pooled = size <= pool_buffer;
    if (size) {
        p->_head = (unsigned char *) (p->_pooled ? buffers.get(pool_buffer) : malloc(size));
        if (!p->_head) {
            packets.put(p);
            return nullptr;
        }
        p->_end = p->_head + (p->_pooled ? pool_buffer : size);
    }
    p->_refs = 1;
    p->_origin = nullptr;
    ++live;
    return p;
}

void Packet::clear_annotations() {
    memset(_anno, 0, sizeof _anno);
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

void Packet::release_buffer() {
    if (_origin)
        _origin->kill();
    else if (_pooled)
        buffers.put(_head);
    else
        free(_head);
}

void Packet::recycle() {
    release_buffer();
    packets.put(this);
    --live;
}

Packet *Packet::clone() {
    Packet *p = allocate(0);
    if (!p)
        return nullptr;
    Packet *origin = _origin ? _origin : this;
    *p = *this;
    p->_refs = 1;
    p->_origin = origin;
    p->_next = p->_prev = nullptr;
    ++origin->_refs;
    return p;
}

/** Same bytes, annotations and header pointers in a buffer of its own with room as asked; consumes this. */
WritablePacket *Packet::reallocate(uint32_t head_room, uint32_t tail_room) {
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
    kill();
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

Packet *Packet::shift_data(int offset) {
    if (!offset)
        return this;
    WritablePacket *q = offset < 0 && headroom() < (uint32_t) -offset ? reallocate(-offset + default_headroom, tailroom())
        : offset > 0 && tailroom() < (uint32_t) offset ? reallocate(headroom(), offset)
        : uniqueify();
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
