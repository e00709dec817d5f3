#ifndef LCLICK_GTPBUILD_HH
#define LCLICK_GTPBUILD_HH
#include "elements/gtp/gtpsession.hh"
CLICK_DECLS
class WritablePacket;

/** The Internet checksum of @a length bytes and @a sum, a sum of 32-bit words as they lie in memory (RFC 1071); as it lies in memory. */
inline uint16_t gtp_checksum(uint64_t sum, const unsigned char *p, uint32_t length) {
    for (; length >= 4; p += 4, length -= 4) {
        uint32_t w;
        memcpy(&w, p, 4);
        sum += w;
    }
    if (length) {
        unsigned char last[4] = {};
        memcpy(last, p, length);
        uint32_t w;
        memcpy(&w, last, 4);
        sum += w;
    }
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t) ~sum;
}

/** What is before a GTP header: Ethernet, a VLAN tag, IPv4 or IPv6, UDP. */
struct GTPOuter {
    const GTPLeg *leg;
    uint32_t vlan;                // as GTPPathKey's; the tag is the leg's
    const GTPAddress *src, *dst;  // both IPv4 or both IPv6
    uint16_t sport, dport;
    uint16_t id;
    uint8_t tos, ttl;
    bool df;

    uint32_t ether_length() const { return vlan ? 18 : 14; }
    bool six() const { return !src->is4(); }
    uint32_t length() const { return ether_length() + (six() ? 40 : 20) + 8; }
};

/** Writes it at @a d, for a UDP datagram of @a datagram bytes with its header; where the GTP header goes is returned. Over IPv6 the checksum
    is still to be made, by gtp_finish(), when the rest is there. */
inline unsigned char *gtp_write_outer(unsigned char *d, const GTPOuter &o, uint32_t datagram) {
    memcpy(d, o.leg->dst, 6);
    memcpy(d + 6, o.leg->src, 6);
    if (unlikely(o.vlan))
        gtp_put16(d + 12, o.vlan >> 16), gtp_put16(d + 14, o.leg->vlan_tci);
    unsigned char *ip = d + o.ether_length(), *udp;
    if (likely(!o.six())) {
        gtp_put16(ip - 2, 0x0800);
        ip[0] = 0x45, ip[1] = o.tos;
        gtp_put16(ip + 2, 20 + datagram);
        gtp_put16(ip + 4, o.id);
        ip[6] = o.df ? 0x40 : 0, ip[7] = 0;
        ip[8] = o.ttl, ip[9] = 17, ip[10] = ip[11] = 0;
        uint32_t from = o.src->v4(), to = o.dst->v4();
        memcpy(ip + 12, &from, 4);
        memcpy(ip + 16, &to, 4);
        uint16_t sum = gtp_checksum(0, ip, 20);
        memcpy(ip + 10, &sum, 2);
        udp = ip + 20;
    } else {
        gtp_put16(ip - 2, 0x86DD);
        gtp_put32(ip, 0x60000000U | (uint32_t) o.tos << 20);
        gtp_put16(ip + 4, datagram);
        ip[6] = 17, ip[7] = o.ttl;
        memcpy(ip + 8, o.src->data(), 16);
        memcpy(ip + 24, o.dst->data(), 16);
        udp = ip + 40;
    }
    gtp_put16(udp, o.sport), gtp_put16(udp + 2, o.dport);
    gtp_put16(udp + 4, datagram), gtp_put16(udp + 6, 0);
    return udp + 8;
}

/** The UDP checksum over IPv6 (RFC 8200 §8.1); @a udp is behind the IPv6 header. */
inline void gtp_finish6(unsigned char *udp, uint32_t datagram) {
    uint16_t sum = gtp_checksum((uint64_t) htonl(datagram) + htonl(17), udp - 32, 32 + datagram);
    sum = sum ? sum : 0xFFFF;
    memcpy(udp + 6, &sum, 2);
}

/** A message without a T-PDU: @a size bytes, from the GTP header on. Null if there is no memory. */
WritablePacket *gtp_message(const GTPOuter &, const unsigned char *gtp, uint32_t size);

CLICK_ENDDECLS
#endif
