// What a frame is to the fast path: the same code for the programs in the kernel, which look a key up, and for lclick, which enters it. It
// knows less than gtp_examine() does: what it does not take goes the other way. Plain C, for both.
#ifndef LCLICK_GTPPARSE_H
#define LCLICK_GTPPARSE_H
#include "gtpfast.h"
#ifdef __bpf__
# define INLINE static __attribute__((always_inline)) inline
/** @a x, which is no more than @a mask, for the verifier, too, which knows it of one of its copies only. */
# define BOUND(x, mask) do { asm volatile("" : "+r"(x)); x &= mask; } while (0)
#else
# define INLINE static inline __attribute__((unused))
# define BOUND(x, mask) do {} while (0)
#endif

INLINE uint16_t net16(uint16_t x) { return __builtin_bswap16(x); }
#ifdef __bpf__                      // packets lie well enough; what memcpy() comes to would be bytes
INLINE uint16_t get16(const uint8_t *p) { return *(const uint16_t *) p; }
INLINE uint32_t get32(const uint8_t *p) { return *(const uint32_t *) p; }
INLINE void put16(uint8_t *p, uint16_t host) { *(uint16_t *) p = net16(host); }
#else
INLINE uint16_t get16(const uint8_t *p) { uint16_t x; __builtin_memcpy(&x, p, 2); return x; }
INLINE uint32_t get32(const uint8_t *p) { uint32_t x; __builtin_memcpy(&x, p, 4); return x; }
#endif
INLINE uint32_t fold(uint32_t sum) {
    sum = (sum & 0xFFFF) + (sum >> 16);
    return (sum & 0xFFFF) + (sum >> 16);
}
/** Of two 16-bit words each, in whatever order of bytes. */
INLINE uint32_t words(uint32_t x) { return (x & 0xFFFF) + (x >> 16); }

INLINE uint32_t sum4(const uint32_t *a) { return words(a[0]) + words(a[1]) + words(a[2]) + words(a[3]); }
INLINE void get_address4(const uint8_t *p, uint32_t *a) { a[0] = a[1] = 0, a[2] = 0xFFFF0000, a[3] = get32(p); }
INLINE void get_address6(const uint8_t *p, uint32_t *a) { a[0] = get32(p), a[1] = get32(p + 4), a[2] = get32(p + 8), a[3] = get32(p + 12); }
/** An IPv6 address that is an IPv4 one: on the wire it has no business (RFC 4291 §2.5.5.2), and would find what is IPv4's. */
INLINE int is_mapped(const uint32_t *a) { return !(a[0] | a[1]) && a[2] == 0xFFFF0000; }
INLINE int is_tag(uint16_t type) { return type == net16(0x8100) || type == net16(0x88A8); }
/** IPv4 or IPv6 of this Ethernet type at @a p, or 0. */
INLINE uint8_t *ip_of(uint16_t type, uint8_t *p, uint8_t *end) {
    if (p + 1 > end)
        return 0;
    return (type == net16(0x0800) && p[0] >> 4 == 4) || (type == net16(0x86DD) && p[0] >> 4 == 6) ? p : 0;
}

/** Where the network header is: 0 if this is no IP. */
INLINE uint8_t *gtpfast_network(uint8_t *data, uint8_t *end) {
    if (data + 14 > end)
        return 0;
    uint16_t type = get16(data + 12);
    if (!is_tag(type))
        return ip_of(type, data + 14, end);
    if (data + 18 > end)
        return 0;
    type = get16(data + 16);
    if (!is_tag(type))
        return ip_of(type, data + 18, end);
    return data + 22 > end ? 0 : ip_of(get16(data + 20), data + 22, end);
}

INLINE uint64_t pair(uint32_t low, uint32_t high) { return (uint64_t) high << 32 | low; }
/** Of a key's words; never 0. */
INLINE uint32_t gtpfast_hash_of(uint64_t src01, uint64_t src23, uint64_t dst01, uint64_t dst23, uint32_t teid, uint32_t ports, uint32_t kind, uint64_t seed) {
    const uint64_t a = 0x9E3779B97F4A7C15ull, b = 0xD6E8FEB86659FD93ull;
    uint64_t x = (src01 + seed) * a ^ src23, y = (dst01 ^ seed) * b ^ dst23, z = (pair(teid, ports) ^ seed) * a + kind + seed;
    x = (x ^ x >> 32) * b, y = (y ^ y >> 32) * a, z = (z ^ z >> 32) * b;
    x = (x ^ x >> 29) + y;
    x = (x ^ x >> 32 ^ z) * a;
    return (uint32_t) (x >> 32) | 1u << 31;
}
/** Its ports, and kind and protocol, as they lie in it. */
INLINE uint32_t gtpfast_ports(const struct gtpfast_key *k) { return get32((const uint8_t *) &k->src_port); }
INLINE uint16_t gtpfast_kind(const struct gtpfast_key *k) { return get16(&k->kind); }
INLINE uint32_t gtpfast_hash(const struct gtpfast_key *k, uint64_t seed) {
    return gtpfast_hash_of(pair(k->inner_src[0], k->inner_src[1]), pair(k->inner_src[2], k->inner_src[3]), pair(k->inner_dst[0], k->inner_dst[1]),
                           pair(k->inner_dst[2], k->inner_dst[3]), k->teid, gtpfast_ports(k), gtpfast_kind(k), seed);
}
/** Of one with these IPv4 addresses, the first of which a downlink tunnel has not. */
INLINE uint32_t gtpfast_hash4(int has_src, uint32_t src, uint32_t dst, uint32_t teid, uint32_t ports, uint32_t kind, uint64_t seed) {
    return gtpfast_hash_of(0, has_src ? pair(0xFFFF0000, src) : 0, 0, pair(0xFFFF0000, dst), teid, ports, kind, seed);
}

/** sum: that of TCP's or UDP's pseudo-header. partial: the checksum was left to the device (CHECKSUM_PARTIAL): it is that sum. Of a
    packet of which it is so by chance, what completes the sum finds the same again. */
struct gtpfast_inner { uint32_t length, header, sum; uint8_t tos, partial, without_sum; };

/** Of the UE's packet; @a room: how many bytes hold it. 0, or why it goes up. */
INLINE int gtpfast_look_inside(const uint8_t *p, const uint8_t *end, uint32_t room, struct gtpfast_key *k, int from_ue, struct gtpfast_inner *i) {
    uint32_t length, header;
    if (p + 28 > end)
        return gtpfast_malformed;
    i->partial = i->without_sum = 0;
    if (p[0] == 0x45) {
        length = net16(get16(p + 2)), header = 20;
        if (get16(p + 6) & net16(0x3FFF))
            return gtpfast_fragment;
        i->tos = p[1];
        k->proto = p[9];
        get_address4(p + 12, k->inner_src);
        get_address4(p + 16, k->inner_dst);
        // Without the words that say that they are IPv4's
        i->sum = words(k->inner_src[3]) + words(k->inner_dst[3]);
    } else if (p[0] >> 4 == 6) {
        if (p + 48 > end)
            return gtpfast_malformed;
        length = net16(get16(p + 4)) + 40u, header = 40;
        if (p[6] == 44)
            return gtpfast_fragment;
        i->tos = (uint8_t) (p[0] << 4 | p[1] >> 4);
        k->proto = p[6];
        get_address6(p + 8, k->inner_src);
        get_address6(p + 24, k->inner_dst);
        if (is_mapped(k->inner_src) || is_mapped(k->inner_dst))
            return gtpfast_unusual;
        i->sum = sum4(k->inner_src) + sum4(k->inner_dst);
    } else
        return gtpfast_unusual;
    if (length < header + 8 || length > room)
        return gtpfast_malformed;
    i->length = length, i->header = header;
    i->sum += net16(k->proto) + net16((uint16_t) (length - header));
    p += header;
    uint16_t sum;
    if (k->proto == 6) {
        if (length < header + 20 || p + 20 > end)
            return gtpfast_malformed;
        if (p[13] & 7)                  // FIN, SYN, RST
            return gtpfast_tcp_flags;
        sum = get16(p + 16);
    } else if (k->proto == 17) {
        sum = get16(p + 6);
        i->without_sum = !sum;
    } else if (k->proto == 1 || k->proto == 58) {
        if (k->proto == 1 ? header != 20 || (p[0] & ~8) : header != 40 || (p[0] & ~1) != 128)
            return gtpfast_unusual;     // no echo
        if (k->proto == 1)
            i->sum = 0;
        *(from_ue ? &k->src_port : &k->dst_port) = get16(p + 4);
        return 0;
    } else
        return gtpfast_unusual;
    k->src_port = get16(p), k->dst_port = get16(p + 2);
    i->partial = sum && fold(i->sum) == sum;
    return 0;
}

/** outer: the length of the outer IP header. partial: nobody has completed the outer checksum. inside: where the UE's packet begins, and room
    how long it can be. */
struct gtpfast_tunnel { struct gtpfast_ends ends; uint32_t teid, outer, udp, room; uint8_t *inside; uint8_t tos, partial; };

/** A G-PDU in IP. 0, or why it goes up. */
INLINE int gtpfast_look_at_tunnel(uint8_t *p, uint8_t *end, struct gtpfast_tunnel *t) {
    uint32_t udp, sum;                  // how long UDP is, and the sum of the pseudo-header
    if (p + 36 > end)
        return gtpfast_not_gtp;
    if (p[0] >> 4 == 4) {
        if (get16(p + 6) & net16(0x3FFF))
            return p[9] == 17 ? gtpfast_fragment : gtpfast_not_gtp;
        if (p[0] != 0x45)
            return gtpfast_unusual;
        if (p[9] != 17)
            return gtpfast_not_gtp;
        t->outer = 20, t->tos = p[1];
        udp = net16(get16(p + 2));
        if (udp < 36)
            return gtpfast_malformed;
        udp -= 20;
        get_address4(p + 12, t->ends.src);
        get_address4(p + 16, t->ends.dst);
        sum = words(t->ends.src[3]) + words(t->ends.dst[3]);
    } else if (p[0] >> 4 == 6) {
        if (p + 56 > end)
            return gtpfast_not_gtp;
        if (p[6] != 17)
            return p[6] == 44 ? gtpfast_fragment : gtpfast_unusual;
        t->outer = 40, t->tos = (uint8_t) (p[0] << 4 | p[1] >> 4);
        udp = net16(get16(p + 4));
        if (udp < 16)
            return gtpfast_malformed;
        get_address6(p + 8, t->ends.src);
        get_address6(p + 24, t->ends.dst);
        if (is_mapped(t->ends.src) || is_mapped(t->ends.dst))
            return gtpfast_malformed;
        sum = sum4(t->ends.src) + sum4(t->ends.dst);
        p += 20;
    } else
        return gtpfast_malformed;
    p += 20;
    t->udp = udp;
    if (p + 16 > end || get16(p + 2) != net16(2152))
        return gtpfast_not_gtp;
    if (p + udp > end || net16(get16(p + 4)) != udp || net16(get16(p + 10)) != udp - 16 || (p[8] & 0xF0) != 0x30 || (t->outer == 40 && !get16(p + 6)))
        return gtpfast_malformed;
    if (p[9] != 255)
        return gtpfast_signalling;
    t->teid = get32(p + 12);
    t->partial = get16(p + 6) && fold(sum + net16(17) + net16((uint16_t) udp)) == get16(p + 6);
    uint32_t left = udp - 16;
    uint8_t *at = p + 16;
    if (p[8] & 7) {
        if (left < 4 || at + 4 > end)
            return gtpfast_malformed;
        uint8_t next = p[8] & 4 ? at[3] : 0;
        at += 4, left -= 4;
#ifdef __bpf__
# pragma unroll
#endif
        for (int n = 0; n < 3; ++n) {
            if (!next)
                break;
            // Those that are of no concern to whoever ends the tunnel: service class, UDP port, PDU session container, PDCP number
            if (next != 0x85 && next != 0x20 && next != 0x40 && next != 0xC0)
                return gtpfast_unusual;
            if (at + 4 > end)
                return gtpfast_malformed;
            uint32_t size = at[0] * 4u;
            if (!size || size > left || size > 16)
                return size && size <= left ? gtpfast_unusual : gtpfast_malformed;
            BOUND(size, 31);
            at += size, left -= size;
            if (at > end)
                return gtpfast_malformed;
            next = at[-1];
        }
        if (next)
            return gtpfast_unusual;
    }
    t->inside = at, t->room = left;
    return 0;
}

// ---- Those that nearly all are, which is said in a third of the time

/** A packet in IPv4 without options, tags, fragments or a partial checksum, TCP without FIN, SYN and RST or UDP; as words in memory. */
struct gtpfast_plain { uint32_t src, dst, ports, length; uint8_t proto, tos; };
/** And the tunnel in IPv4 that it is in. */
struct gtpfast_plain_tunnel { uint32_t src, dst, teid; uint8_t tos; };

INLINE uint32_t net32(uint32_t x) { return __builtin_bswap32(x); }

/** Of the one at @a p, of which @a room bytes are there and 28 within @a end. */
INLINE int gtpfast_plain_inside(const uint8_t *p, const uint8_t *end, uint32_t room, struct gtpfast_plain *i) {
    const uint32_t first = net32(get32(p)), third = get32(p + 6) & net32(0x3FFF00FF);       // flags, offset; protocol
    i->length = first & 0xFFFF, i->tos = (uint8_t) (first >> 16);
    if (first >> 24 != 0x45 || i->length > room)
        return 0;
    i->src = get32(p + 12), i->dst = get32(p + 16), i->ports = get32(p + 20);
    if (third == net32(6)) {
        i->proto = 6;
        return i->length >= 40 && p + 40 <= end && !(p[33] & 7);
    }
    i->proto = 17;
    return third == net32(17) && i->length >= 28;
}

/** One without options, with this length in its GTP header; 0: that of what is there. */
INLINE int gtpfast_plain_tunnelled(const uint8_t *data, const uint8_t *end, uint32_t gtp_length, struct gtpfast_plain_tunnel *t, struct gtpfast_plain *i) {
    const uint8_t *p = data + 14;
    if (data + 78 > end || (get32(data + 12) & net32(0xFFFFFF00)) != net32(0x08004500) || (get32(p + 6) & net32(0x3FFF00FF)) != net32(17) || get16(p + 22) != net16(2152))
        return 0;
    const uint32_t total = net16(get16(p + 2));
    if (total < 64 || p + total > end || get16(p + 24) != net16((uint16_t) (total - 20)) || get32(p + 28) != net32(0x30FF0000 | (gtp_length ? gtp_length : total - 36)))
        return 0;
    t->src = get32(p + 12), t->dst = get32(p + 16), t->teid = get32(p + 32), t->tos = p[1];
    const uint16_t sum = get16(p + 26);
    if (sum && fold(words(t->src) + words(t->dst) + net16(17) + net16((uint16_t) (total - 20))) == sum)
        return 0;                       // nobody has completed it
    return gtpfast_plain_inside(p + 36, end, total - 36, i);
}

/** A G-PDU without options. 0: gtpfast_look_at_tunnel() and gtpfast_look_inside() have to say. */
INLINE int gtpfast_plain_gpdu(const uint8_t *data, const uint8_t *end, struct gtpfast_plain_tunnel *t, struct gtpfast_plain *i) {
    return gtpfast_plain_tunnelled(data, end, 0, t, i);
}

/** A super frame: TCP that is to be cut into segments of @a gso bytes, each of which gets a copy of the tunnel's header. So the length in that is one segment's.
    What is not that may be anything: a super frame of UDP datagrams has a G-PDU in each. @a header: of the UE's packet, its headers' length. */
INLINE int gtpfast_plain_super(const uint8_t *data, const uint8_t *end, uint32_t gso, struct gtpfast_plain_tunnel *t, struct gtpfast_plain *i, uint32_t *header) {
    if (data + 90 > end || data[59] != 6)
        return 0;
    *header = 20 + (data[82] >> 4) * 4u;
    return *header >= 40 && gtpfast_plain_tunnelled(data, end, gso + *header, t, i) && i->length > *header && i->length == net16(get16(data + 16)) - 36u;
}

/** A packet in Ethernet, to a UE, whose checksum is there and complete; @a inner is what gtpfast_look_inside() says of it. 0: that has to say. */
INLINE int gtpfast_plain_packet(const uint8_t *data, const uint8_t *end, struct gtpfast_plain *i, struct gtpfast_inner *inner) {
    const uint8_t *p = data + 14;
    uint16_t sum;
    if (data + 42 > end || get16(data + 12) != net16(0x0800) || !gtpfast_plain_inside(p, end, (uint32_t) (end - p), i))
        return 0;
    if (i->proto == 17)
        sum = get16(p + 26);
    else if (p + 40 <= end)
        sum = get16(p + 36);
    else
        return 0;
    inner->sum = words(i->src) + words(i->dst) + net16(i->proto) + net16((uint16_t) (i->length - 20));
    inner->length = i->length, inner->header = 20, inner->tos = i->tos, inner->partial = inner->without_sum = 0;
    return sum && fold(inner->sum) != sum;
}

/** The checksum of an IPv4 header without options. */
INLINE int gtpfast_header_is_right(const uint8_t *p) {
    uint64_t sum = (uint64_t) get32(p) + get32(p + 4) + get32(p + 8) + get32(p + 12) + get32(p + 16);
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    return fold((uint32_t) (sum & 0xFFFF) + (uint32_t) (sum >> 16)) == 0xFFFF;
}

#endif
