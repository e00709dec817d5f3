// Numbers in frames, and sums over them, for what is done in place of a network card.
#ifndef LCLICK_WIRE_HH
#define LCLICK_WIRE_HH
#include <click/packet.hh>
CLICK_DECLS
namespace offload {

inline uint16_t get16(const unsigned char *d) { return (uint16_t) (d[0] << 8 | d[1]); }
inline void put16(unsigned char *d, uint16_t x) { d[0] = (unsigned char) (x >> 8), d[1] = (unsigned char) x; }
inline uint32_t get32(const unsigned char *d) { return (uint32_t) get16(d) << 16 | get16(d + 2); }
inline void put32(unsigned char *d, uint32_t x) { put16(d, (uint16_t) (x >> 16)), put16(d + 2, (uint16_t) x); }

/** Where the IP header of an Ethernet frame begins, behind at most two VLAN tags, and in @a type what is there. */
inline uint32_t behind_tags(const unsigned char *d, uint32_t length, uint16_t &type) {
    uint32_t at = 14;
    for (int i = 0; i < 2 && at + 4 <= length && (get16(d + at - 2) == ETHERTYPE_8021Q || get16(d + at - 2) == ETHERTYPE_8021AD); ++i)
        at += 4;
    type = at <= length ? get16(d + at - 2) : 0;
    return at;
}

/** The ones' complement sum of @a n bytes, an even number, and @a s; as the bytes lie in memory, as are all sums here. */
inline uint16_t sum_of(const unsigned char *d, uint32_t n, uint32_t s) {
    uint16_t w;
    for (uint32_t i = 0; i < n; i += 2) {
        memcpy(&w, d + i, 2);
        s += w;
    }
    s = (s & 0xFFFF) + (s >> 16);
    return (uint16_t) (s + (s >> 16));
}

/** The sum of the pseudo-header of an IP packet that carries @a length bytes of @a protocol. */
inline uint16_t pseudo_sum(const unsigned char *ip, bool v6, uint8_t protocol, uint32_t length) {
    return sum_of(ip + (v6 ? 8 : 12), v6 ? 32 : 8, (uint32_t) htons((uint16_t) length) + htons(protocol));
}

}
CLICK_ENDDECLS
#endif
