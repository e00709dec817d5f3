#include <click/config.h>
#include "ip6mirror.hh"
#include "ip6packet.hh"
CLICK_DECLS

Packet *IP6Mirror::simple_action(Packet *p) {
    if (!ip6_header_of(p))
        return p;
    WritablePacket *q = p->uniqueify();
    if (!q)
        return nullptr;
    click_ip6 *ip = ip6_header_of(q);
    struct in6_addr source = ip->ip6_src;
    ip->ip6_src = ip->ip6_dst;
    ip->ip6_dst = source;
    uint32_t len = q->network_length();
    IP6Chain chain(ip, len);
    if (chain.whole && chain.first && (chain.proto == IP6_NXT_TCP || chain.proto == IP6_NXT_UDP) && len - chain.offset >= 4) {
        unsigned char *ports = q->network_header() + chain.offset;
        uint16_t sport;
        memcpy(&sport, ports, 2);
        memcpy(ports, ports + 2, 2);
        memcpy(ports + 2, &sport, 2);
    }
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IP6Mirror)
