#include <click/config.h>
#include "settransportchecksumip6.hh"
#include "ip6packet.hh"
CLICK_DECLS

Packet *SetTransportChecksumIP6::simple_action(Packet *p) {
    const click_ip6 *ip = ip6_header_of(p);
    if (!ip)
        return p;
    uint32_t len = sizeof *ip + ntohs(ip->ip6_plen);
    if (len > p->network_length())
        return p;
    IP6Chain chain(ip, len);
    uint32_t at = chain.proto == IP6_NXT_TCP ? 16 : chain.proto == IP6_NXT_UDP ? 6 : chain.proto == IP6_NXT_ICMP6 ? 2 : 0;
    if (!chain.whole || chain.fragment || !at || len - chain.offset < at + 2)
        return p;
    WritablePacket *q = p->uniqueify();
    if (!q)
        return nullptr;
    ip = ip6_header_of(q);
    unsigned char *data = q->network_header() + chain.offset;
    memset(data + at, 0, 2);
    uint16_t sum = ip6_transport_cksum(IP6Address(ip->ip6_src.s6_addr), IP6Address(ip->ip6_dst.s6_addr), chain.proto, data, len - chain.offset);
    if (chain.proto == IP6_NXT_UDP && !sum)
        sum = 0xFFFF;
    memcpy(data + at, &sum, 2);
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetTransportChecksumIP6)
EXPORT_ELEMENT(SetTransportChecksumIP6-SetTCPChecksumIP6 SetTransportChecksumIP6-SetUDPChecksumIP6 SetTransportChecksumIP6-SetICMPChecksumIP6)
