// Packet: bytes with headroom and tailroom, header pointers and annotations. The bytes may be shared with
// clones and are read-only until uniqueify() gives a WritablePacket. A packet and its 2 KiB buffer are one block
// from a free list of the thread's, so that the packet path allocates nothing once it is warm. Its bytes may also be
// lent: a device's, which has them back when the packet ends.
#ifndef CLICK_PACKET_HH
#define CLICK_PACKET_HH
#include <click/ipaddress.hh>
#include <click/sync.hh>
#include <click/timestamp.hh>
#include <clicknet/ether.h>
#include <clicknet/icmp.h>
#include <clicknet/ip.h>
#include <clicknet/tcp.h>
#include <clicknet/udp.h>
#include <clicknet/ip6.h>
CLICK_DECLS
class WritablePacket;

class Packet { public:
    enum { default_headroom = 28, min_buffer_length = 64, anno_size = 48 };
    enum PacketType { HOST = 0, BROADCAST = 1, MULTICAST = 2, OTHERHOST = 3, OUTGOING = 4, LOOPBACK = 5, FASTROUTE = 6 };

    /** A packet of @a len bytes (copied from @a data unless null); null when out of memory. */
    static WritablePacket *make(uint32_t headroom, const void *data, uint32_t len, uint32_t tailroom);
    static WritablePacket *make(const void *data, uint32_t len) { return make(default_headroom, data, len, 0); }
    static WritablePacket *make(uint32_t len) { return make(default_headroom, nullptr, len, 0); }
    /** A pooled 2 KiB buffer, all of it tailroom but for @a headroom; length 0. For receivers. */
    static WritablePacket *make_pooled(uint32_t headroom);
    /** A packet around somebody else's bytes, which it gives back by calling @a end with the buffer, its size and @a argument: on whatever
        thread the last of its owners lets go. @a headroom bytes before @a data and @a tailroom behind it are the buffer's, too. */
    typedef void (*buffer_destructor_type)(unsigned char *buffer, size_t size, void *argument);
    static WritablePacket *make(unsigned char *data, uint32_t len, buffer_destructor_type end, void *argument = nullptr, int headroom = 0, int tailroom = 0);

    void kill() { if (_refs.release()) recycle(); }
    bool shared() const { return _origin || !_refs.alone(); }
    Packet *clone();
    /** This packet if nobody else holds its bytes, else a copy; consumes it. Null when out of memory. */
    inline WritablePacket *uniqueify();

    const unsigned char *buffer() const { return _head; }
    const unsigned char *end_buffer() const { return _head + _size; }
    const unsigned char *data() const { return _data; }
    const unsigned char *end_data() const { return _tail; }
    uint32_t length() const { return (uint32_t) (_tail - _data); }
    uint32_t headroom() const { return (uint32_t) (_data - _head); }
    uint32_t buffer_length() const { return (uint32_t) _size; }
    const unsigned char *buffer_data() const { return _head; }
    /** The bytes from @a data on, which lie in the buffer. */
    void shrink_data(const unsigned char *data, uint32_t len) { assert(data >= _head && data + len <= _head + _size); _data = const_cast<unsigned char *>(data), _tail = _data + len; }
    void change_headroom_and_length(uint32_t headroom, uint32_t len) { shrink_data(_head + headroom, len); }
    
    uint32_t tailroom() const { return (uint32_t) (_head + _size - _tail); }

    /** Add @a n bytes in front, at any price; consumes the packet, may return null. */
    inline WritablePacket *push(uint32_t n);
    inline WritablePacket *push_mac_header(uint32_t n);
    /** As push(), but where the bytes need not be written to a shared packet need not be copied. */
    inline Packet *nonunique_push(uint32_t n);
    void pull(uint32_t n) { _data += n > length() ? length() : n; }
    inline WritablePacket *put(uint32_t n);
    Packet *nonunique_put(uint32_t n);
    void take(uint32_t n) { _tail -= n > length() ? length() : n; }
    /** Move the bytes by @a offset. Out of memory: null; the packet is freed unless @a free_on_failure is false. */
    Packet *shift_data(int offset, bool free_on_failure = true);

    bool has_mac_header() const { return _mac; }
    const unsigned char *mac_header() const { return _mac; }
    const click_ether *ether_header() const { return (const click_ether *) _mac; }
    int mac_length() const { return (int) (_tail - _mac); }
    int mac_header_offset() const { return (int) (_mac - _data); }
    uint32_t mac_header_length() const { return (uint32_t) (_nh - _mac); }
    void set_mac_header(const unsigned char *p) { _mac = const_cast<unsigned char *>(p); }
    void set_mac_header(const unsigned char *p, uint32_t len) { set_mac_header(p); _nh = _mac + len; }
    void set_ether_header(const click_ether *e) { set_mac_header((const unsigned char *) e, 14); }
    void clear_mac_header() { _mac = nullptr; }
    bool has_network_header() const { return _nh; }
    const unsigned char *network_header() const { return _nh; }
    int network_header_offset() const { return (int) (_nh - _data); }
    int network_header_length() const { return (int) (_th - _nh); }
    uint32_t network_length() const { return (uint32_t) (_tail - _nh); }
    void set_network_header(const unsigned char *p, uint32_t len) { _nh = const_cast<unsigned char *>(p); _th = _nh + len; }
    void set_network_header_length(uint32_t len) { _th = _nh + len; }
    void clear_network_header() { _nh = nullptr; }
    const click_ip *ip_header() const { return (const click_ip *) _nh; }
    int ip_header_offset() const { return network_header_offset(); }
    uint32_t ip_header_length() const { return network_header_length(); }
    const click_ip6 *ip6_header() const { return (const click_ip6 *) _nh; }
    int ip6_header_offset() const { return network_header_offset(); }
    uint32_t ip6_header_length() const { return network_header_length(); }
    void set_ip6_header(const click_ip6 *ip, uint32_t len = 40) { set_network_header((const unsigned char *) ip, len); }
    void set_ip_header(const click_ip *ip, uint32_t len) { set_network_header((const unsigned char *) ip, len); }
    bool has_transport_header() const { return _th; }
    const unsigned char *transport_header() const { return _th; }
    int transport_header_offset() const { return (int) (_th - _data); }
    int transport_length() const { return (int) (_tail - _th); }
    void clear_transport_header() { _th = nullptr; }
    const click_tcp *tcp_header() const { return (const click_tcp *) _th; }
    const click_udp *udp_header() const { return (const click_udp *) _th; }
    const click_icmp *icmp_header() const { return (const click_icmp *) _th; }

    const Timestamp &timestamp_anno() const { return _timestamp; }
    Timestamp &timestamp_anno() { return _timestamp; }
    void set_timestamp_anno(const Timestamp &t) { _timestamp = t; }
    /** There are no network devices of the kernel's at userlevel: always null, and nothing is kept. */
    struct net_device *device_anno() const { return nullptr; }
    void set_device_anno(struct net_device *) {}
    PacketType packet_type_anno() const { return (PacketType) _type; }
    void set_packet_type_anno(PacketType t) { _type = t; }
    IPAddress dst_ip_anno() const { return IPAddress(anno_u32(0)); }
    void set_dst_ip_anno(IPAddress a) { set_anno_u32(0, a.addr()); }
    Packet *next() const { return _next; }
    Packet *&next() { return _next; }
    void set_next(Packet *p) { _next = p; }
    Packet *prev() const { return _prev; }
    Packet *&prev() { return _prev; }
    void set_prev(Packet *p) { _prev = p; }

    uint8_t *anno_u8() { return _anno; }
    const uint8_t *anno_u8() const { return _anno; }
    uint32_t *anno_u32() { return (uint32_t *) _anno; }
    const uint32_t *anno_u32() const { return (const uint32_t *) _anno; }
    void *anno_ptr(int i) const { return load<void *>(i); }
    void set_anno_ptr(int i, const void *x) { memcpy(_anno + i, &x, sizeof x); }
    // Where in the annotations the shared ones are, and what the older names of the accessors mean
    enum { dst_ip_anno_offset = 0, dst_ip_anno_size = 4, dst_ip6_anno_offset = 0, dst_ip6_anno_size = 16, user_anno_offset = 16, user_anno_size = 32 };
    void *addr_anno() { return _anno; }
    const void *addr_anno() const { return _anno; }
    void *user_anno() { return _anno + user_anno_offset; }
    uint8_t user_anno_u8(int i) const { return _anno[user_anno_offset + i]; }
    void set_user_anno_u8(int i, uint8_t x) { _anno[user_anno_offset + i] = x; }
    uint8_t user_anno_c(int i) const { return user_anno_u8(i); }
    void set_user_anno_c(int i, uint8_t x) { set_user_anno_u8(i, x); }
    uint32_t user_anno_u32(int i) const { return load<uint32_t>(user_anno_offset + 4 * i); }
    void set_user_anno_u32(int i, uint32_t x) { memcpy(_anno + user_anno_offset + 4 * i, &x, 4); }
    uint32_t user_anno_u(int i) const { return user_anno_u32(i); }
    void set_user_anno_u(int i, uint32_t x) { set_user_anno_u32(i, x); }
    int32_t user_anno_i(int i) const { return (int32_t) user_anno_u32(i); }
    void set_user_anno_i(int i, int32_t x) { set_user_anno_u32(i, (uint32_t) x); }
    void *anno() { return _anno; }
    const void *anno() const { return _anno; }
    uint8_t anno_u8(int i) const { return _anno[i]; }
    uint16_t anno_u16(int i) const { return load<uint16_t>(i); }
    int16_t anno_s16(int i) const { return load<int16_t>(i); }
    uint32_t anno_u32(int i) const { return load<uint32_t>(i); }
    int32_t anno_s32(int i) const { return load<int32_t>(i); }
    uint64_t anno_u64(int i) const { return load<uint64_t>(i); }
    void set_anno_u8(int i, uint8_t x) { _anno[i] = x; }
    void set_anno_u16(int i, uint16_t x) { memcpy(_anno + i, &x, sizeof x); }
    void set_anno_s16(int i, int16_t x) { memcpy(_anno + i, &x, sizeof x); }
    void set_anno_u32(int i, uint32_t x) { memcpy(_anno + i, &x, sizeof x); }
    void set_anno_s32(int i, int32_t x) { memcpy(_anno + i, &x, sizeof x); }
    void set_anno_u64(int i, uint64_t x) { memcpy(_anno + i, &x, sizeof x); }
    void clear_annotations(bool all = true);
    void copy_annotations(const Packet *);

    /** Packets alive that the calling thread and those that have ended account for: all, when one thread runs. */
    static int live_count();
    /** How often memory for packets was asked of the system by the same threads; stands still once pools are warm. */
    static int64_t system_allocations();
    /** Give the free lists back to the system. */
    static void drain_pool();
    /** Has the calling thread more free packets than it needs to begin with? */
    static bool pool_has_spare();
    /** Give those back to the system: for a thread that has nothing to do. */
    static void trim_pool();

  protected:
    friend class PacketBatch;
    friend struct PacketPool;
    friend struct CloneMaker;
    // First links and what is a packet's own; then, from here on, what a clone has of its original: 32 and 112 bytes with 64-bit pointers.
    enum { copied_from = 16 + 2 * sizeof(void *) };
    Packet *_next;       // also links free packets
    Packet *_prev;       // in the head of a batch: its tail
    RefCount _refs;
    uint32_t _batch_count;
    uint32_t _size;      // bytes from _head
    uint8_t _storage;    // where they are: see packet.cc
    uint8_t _type;
    unsigned char *_data, *_tail, *_head;
    unsigned char *_mac, *_nh, *_th;
    Packet *_origin;     // the packet that owns the bytes, if not this one
    Timestamp _timestamp;
    alignas(8) unsigned char _anno[anno_size];

    Packet() = delete;
    template <typename T> T load(int i) const { T x; memcpy(&x, _anno + i, sizeof x); return x; }
    void recycle();
    void end_loan();
    static Packet *allocate(uint32_t size);
    WritablePacket *reallocate(uint32_t headroom, uint32_t tailroom, bool free_on_failure = true);
    WritablePacket *copy();
    WritablePacket *push_slowly(uint32_t n);
    WritablePacket *put_slowly(uint32_t n);
};

class WritablePacket : public Packet { public:
    using Packet::data; using Packet::buffer; using Packet::end_data;
    unsigned char *data() { return _data; }
    unsigned char *end_data() { return _tail; }
    unsigned char *buffer() { return _head; }
    unsigned char *mac_header() { return _mac; }
    click_ether *ether_header() { return (click_ether *) _mac; }
    unsigned char *network_header() { return _nh; }
    click_ip6 *ip6_header() { return (click_ip6 *) _nh; }
    click_ip *ip_header() { return (click_ip *) _nh; }
    unsigned char *transport_header() { return _th; }
    click_tcp *tcp_header() { return (click_tcp *) _th; }
    click_udp *udp_header() { return (click_udp *) _th; }
    click_icmp *icmp_header() { return (click_icmp *) _th; }
};

inline WritablePacket *Packet::uniqueify() { return likely(!shared()) ? static_cast<WritablePacket *>(this) : copy(); }

inline WritablePacket *Packet::push(uint32_t n) {
    if (unlikely(headroom() < n || shared()))
        return push_slowly(n);
    _data -= n;
    return static_cast<WritablePacket *>(this);
}

inline Packet *Packet::nonunique_push(uint32_t n) {
    if (unlikely(headroom() < n))
        return push(n);
    _data -= n;
    return this;
}

inline WritablePacket *Packet::push_mac_header(uint32_t n) {
    WritablePacket *q = push(n);
    if (likely(q))
        q->set_mac_header(q->data(), n);
    return q;
}

inline WritablePacket *Packet::put(uint32_t n) {
    if (unlikely(tailroom() < n || shared()))
        return put_slowly(n);
    _tail += n;
    return static_cast<WritablePacket *>(this);
}

inline uint16_t click_in_cksum_pseudohdr(uint32_t partial, const click_ip *iph, int transport_len) {
    return click_in_cksum_pseudohdr_raw(partial, iph->ip_src.s_addr, iph->ip_dst.s_addr, iph->ip_p, transport_len);
}

CLICK_ENDDECLS
#endif
