#ifndef LCLICK_IPPACKET_HH
#define LCLICK_IPPACKET_HH
#include <click/packet.hh>
#include <clicknet/ip.h>
#include <stddef.h>
CLICK_DECLS

/** The packet's IP header if all of it is there, null otherwise. The annotation may be absent or from before the packet was cut. */
inline const click_ip *ip_whole_header(const Packet *p) {
    const unsigned char *h = p->network_header();
    if (!h || p->end_data() - h < (ptrdiff_t) sizeof(click_ip)) return nullptr;
    const click_ip *ip = reinterpret_cast<const click_ip *>(h);
    uint32_t hlen = ip->ip_hl * 4U;
    return hlen >= sizeof(click_ip) && p->end_data() - h >= (ptrdiff_t) hlen ? ip : nullptr;
}

/** What follows the header of @a ip, as much as both the packet and the IP length have. */
struct IPPayload {
    const unsigned char *data;
    uint32_t length;
    IPPayload(const Packet *p, const click_ip *ip) {
        uint32_t hlen = ip->ip_hl * 4U, total = ntohs(ip->ip_len), there = (uint32_t) (p->end_data() - (const unsigned char *) ip);
        if (total > there) total = there;
        data = (const unsigned char *) ip + hlen, length = total > hlen ? total - hlen : 0;
    }
};

/** RFC 1624 eqn. 3 for what is not aligned; all in network order. */
inline uint16_t ip_sum_changed(uint16_t sum, uint16_t before, uint16_t after) {
    uint32_t s = (~sum & 0xFFFFU) + (~before & 0xFFFFU) + after;
    s = (s & 0xFFFF) + (s >> 16);
    return (uint16_t) ~(s + (s >> 16));
}
inline uint16_t ip_sum_changed32(uint16_t sum, uint32_t before, uint32_t after) {
    uint32_t s = (~sum & 0xFFFFU) + (~before & 0xFFFFU) + (~before >> 16) + (after & 0xFFFFU) + (after >> 16);
    s = (s & 0xFFFF) + (s >> 16);
    return (uint16_t) ~(s + (s >> 16));
}
/** A UDP checksum of 0 means that there is none. */
inline uint16_t udp_sum(uint16_t sum) { return sum ? sum : 0xFFFF; }

/** Change the TOS byte of @a p, whose header is whole; null when out of memory. */
inline WritablePacket *ip_set_tos(Packet *p, uint8_t tos) {
    WritablePacket *q = p->uniqueify();
    if (!q) return nullptr;
    click_ip *ip = q->ip_header();
    ip->ip_sum = ip_sum_changed(ip->ip_sum, htons(ip->ip_tos), htons(tos));
    ip->ip_tos = tos;
    return q;
}

/** Offset of a transport checksum in what follows the IP header, or -1: protocol unknown, later fragment, or it is cut off. */
inline int ip_transport_sum(const click_ip *ip, const IPPayload &t) {
    if (!IP_FIRSTFRAG(ip)) return -1;
    if (ip->ip_p == IP_PROTO_TCP && t.length >= 18) return 16;
    return ip->ip_p == IP_PROTO_UDP && t.length >= 8 ? 6 : -1;
}

/** Set source or destination of @a q's header @a ip, with the sums over it. */
inline void ip_set_address(WritablePacket *q, click_ip *ip, bool source, IPAddress to) {
    uint32_t before = source ? ip->ip_src.s_addr : ip->ip_dst.s_addr, after = to.addr();
    if (before == after) return;
    (source ? ip->ip_src : ip->ip_dst) = to.in_addr();
    ip->ip_sum = ip_sum_changed32(ip->ip_sum, before, after);
    IPPayload t(q, ip);
    int o = ip_transport_sum(ip, t);
    if (o < 0) return;
    unsigned char *d = const_cast<unsigned char *>(t.data) + o;
    uint16_t sum;
    memcpy(&sum, d, 2);
    if (ip->ip_p == IP_PROTO_UDP && !sum) return;
    sum = ip_sum_changed32(sum, before, after);
    if (ip->ip_p == IP_PROTO_UDP) sum = udp_sum(sum);
    memcpy(d, &sum, 2);
}

CLICK_ENDDECLS
#endif
