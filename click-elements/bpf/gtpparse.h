// What a frame is to the fast path: the same code for the programs in the kernel, which look a key up, and for lclick, which enters it. It
// knows less than gtp_examine() does: what it does not take goes the other way. Plain C, for both.
#ifndef LCLICK_GTPPARSE_H
#define LCLICK_GTPPARSE_H
#include "gtpfast.h"
#ifdef __bpf__
# define INLINE static __attribute__((always_inline)) inline
#else
# define INLINE static inline __attribute__((unused))
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

/** Where the network header is: 0 if this is no IPv4. */
INLINE uint8_t *gtpfast_network(uint8_t *data, uint8_t *end) {
    if (data + 14 > end)
        return 0;
    uint16_t type = get16(data + 12);
    if (type == net16(0x0800))
        return data + 14;
    if (type != net16(0x8100) && type != net16(0x88A8))
        return 0;
    if (data + 18 > end)
        return 0;
    type = get16(data + 16);
    if (type == net16(0x0800))
        return data + 18;
    if (type != net16(0x8100) && type != net16(0x88A8))
        return 0;
    if (data + 22 > end || get16(data + 20) != net16(0x0800))
        return 0;
    return data + 22;
}

/** partial: TCP's or UDP's checksum was left to the device (CHECKSUM_PARTIAL): it is the pseudo-header's sum. Of a packet of which it is so by
    chance, what completes the sum finds the same again. */
struct gtpfast_inner { uint32_t length; uint8_t tos, partial; };

/** Of the UE's packet; @a room: how many bytes hold it. 0, or why it goes up. */
INLINE int gtpfast_look_inside(const uint8_t *p, const uint8_t *end, uint32_t room, struct gtpfast_key *k, int from_ue, struct gtpfast_inner *i) {
    if (p + 28 > end)
        return gtpfast_malformed;
    if (p[0] != 0x45)
        return gtpfast_unusual;
    uint32_t length = net16(get16(p + 2));
    if (length < 28 || length > room)
        return gtpfast_malformed;
    if (get16(p + 6) & net16(0x3FFF))
        return gtpfast_fragment;
    i->tos = p[1];
    i->length = length;
    i->partial = 0;
    k->inner_src = get32(p + 12), k->inner_dst = get32(p + 16);
    k->proto = p[9];
    uint16_t sum = 0;
    if (p[9] == 6) {
        if (length < 40 || p + 40 > end)
            return gtpfast_malformed;
        if (p[33] & 7)                  // FIN, SYN, RST
            return gtpfast_tcp_flags;
        sum = get16(p + 36);
    } else if (p[9] == 17)
        sum = get16(p + 26);
    else if (p[9] == 1) {
        if (p[20] != 0 && p[20] != 8)   // only echo
            return gtpfast_unusual;
        *(from_ue ? &k->src_port : &k->dst_port) = get16(p + 24);
        return 0;
    } else
        return gtpfast_unusual;
    k->src_port = get16(p + 20), k->dst_port = get16(p + 22);
    uint32_t pseudo = words(k->inner_src) + words(k->inner_dst) + net16(p[9]) + net16((uint16_t) (length - 20));
    i->partial = sum && fold(pseudo) == sum;
    return 0;
}

/** A G-PDU in IPv4: fills in the tunnel's half of the key. 0, or why it goes up. @a inside: where the UE's packet begins, and @a room how
    long it can be; @a partial: nobody has completed the outer checksum. */
INLINE int gtpfast_look_at_tunnel(uint8_t *p, uint8_t *end, struct gtpfast_key *k, uint8_t **inside, uint32_t *room, int *partial) {
    if (p + 36 > end)
        return gtpfast_not_gtp;
    if (get16(p + 6) & net16(0x3FFF))
        return p[9] == 17 ? gtpfast_fragment : gtpfast_not_gtp;
    if (p[0] != 0x45)
        return gtpfast_unusual;
    if (p[9] != 17 || get16(p + 22) != net16(2152))
        return gtpfast_not_gtp;
    uint32_t total = net16(get16(p + 2));
    if (total < 36 || p + total > end || net16(get16(p + 24)) != total - 20 || net16(get16(p + 30)) != total - 36 || (p[28] & 0xF0) != 0x30)
        return gtpfast_malformed;
    if (p[29] != 255)
        return gtpfast_signalling;
    k->outer_src = get32(p + 12), k->outer_dst = get32(p + 16);
    k->teid = get32(p + 32);
    // As struct gtpfast_inner has it
    *partial = get16(p + 26) && fold(words(k->outer_src) + words(k->outer_dst) + net16(17) + net16((uint16_t) (total - 20))) == get16(p + 26);
    uint32_t left = total - 36;
    uint8_t *at = p + 36;
    if (p[28] & 7) {
        if (left < 4 || at + 4 > end)
            return gtpfast_malformed;
        uint8_t next = p[28] & 4 ? at[3] : 0;
        at += 4, left -= 4;
#pragma unroll
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
            at += size, left -= size;
            if (at > end)
                return gtpfast_malformed;
            next = at[-1];
        }
        if (next)
            return gtpfast_unusual;
    }
    *inside = at, *room = left;
    return 0;
}

#endif
