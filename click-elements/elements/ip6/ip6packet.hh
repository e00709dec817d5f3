// What the elements for IPv6 share: headers in packets whose contents nobody has checked, extension headers (RFC 8200 §4), checksums.
#ifndef CLICK_IP6PACKET_HH
#define CLICK_IP6PACKET_HH
#include <click/ip6address.hh>
#include <click/packet.hh>
#include <click/packet_anno.hh>
#include <clicknet/icmp6.h>
#include <clicknet/ip6.h>
CLICK_DECLS

enum { IP6_NXT_HOP_BY_HOP = 0, IP6_NXT_TCP = 6, IP6_NXT_UDP = 17, IP6_NXT_ROUTING = 43, IP6_NXT_FRAGMENT = 44, IP6_NXT_AUTH = 51, IP6_NXT_ICMP6 = 58,
       IP6_NXT_NONE = 59, IP6_NXT_DESTINATION = 60 };

/** The packet's network header if all of a header of version 6 is there, else null. */
inline const click_ip6 *ip6_header_of(const Packet *p) {
    const click_ip6 *ip = reinterpret_cast<const click_ip6 *>(p->network_header());
    bool there = ip && p->network_header() >= p->buffer() && p->network_header() + sizeof *ip <= p->end_data();
    return there && IP6_CHECK_V(*ip) ? ip : nullptr;
}
inline click_ip6 *ip6_header_of(WritablePacket *p) { return const_cast<click_ip6 *>(ip6_header_of(static_cast<const Packet *>(p))); }

inline IP6Address dst_ip6_anno(const Packet *p) { return IP6Address(static_cast<const unsigned char *>(p->anno()) + DST_IP6_ANNO_OFFSET); }
inline void set_dst_ip6_anno(Packet *p, const IP6Address &a) { memcpy(static_cast<unsigned char *>(p->anno()) + DST_IP6_ANNO_OFFSET, a.data(), DST_IP6_ANNO_SIZE); }

/** The way through the extension headers to the upper layer. */
struct IP6Chain {
    uint8_t proto = IP6_NXT_NONE;    // what is at offset
    bool whole = false;              // the chain ends within the bytes given
    bool fragment = false;           // there is a fragment header
    bool first = true;               // and this is the first fragment, or all
    uint32_t offset = 0;             // of the upper layer, from the IPv6 header on
    uint32_t unfragmentable = 40;    // the length of what each fragment repeats (§4.5)
    uint32_t nxt_offset = 6;         // of the next-header field of the last header in that part
    enum { max_headers = 16 };

    /** Walk from the header at @a ip, of which @a len bytes are there, at least 40. */
    IP6Chain(const click_ip6 *ip, uint32_t len);
};

/** The upper layer's checksum, with the field itself zero or left in: 0 if it was in and right. */
inline uint16_t ip6_transport_cksum(const IP6Address &src, const IP6Address &dst, uint8_t proto, const unsigned char *data, uint32_t len) {
    struct in6_addr s = src, d = dst;
    return in6_fast_cksum(&s, &d, htons((uint16_t) len), proto, 0, data, (uint16_t) len);
}

/** An IPv6 header with the fields that are not zero mostly. */
inline void ip6_make_header(click_ip6 *ip, const IP6Address &src, const IP6Address &dst, uint8_t proto, uint32_t payload, uint8_t hlim, uint8_t tclass = 0) {
    memset(ip, 0, sizeof *ip);
    ip->ip6_flow = htonl(6U << IP6_V_SHIFT | (uint32_t) tclass << IP6_CLASS_SHIFT);
    ip->ip6_plen = htons((uint16_t) payload);
    ip->ip6_nxt = proto;
    ip->ip6_hlim = hlim;
    ip->ip6_src = src, ip->ip6_dst = dst;
}

CLICK_ENDDECLS
#endif
