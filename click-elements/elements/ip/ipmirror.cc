#include <click/config.h>
#include "ipmirror.hh"
#include "elements/ip/ippacket.hh"
CLICK_DECLS

static void swap_bytes(unsigned char *a, unsigned char *b, int n) {
    unsigned char t[4];
    memcpy(t, a, n);
    memcpy(a, b, n);
    memcpy(b, t, n);
}

Packet *IPMirror::simple_action(Packet *p) {
    if (!ip_whole_header(p)) return p;
    WritablePacket *q = p->uniqueify();
    if (!q) return nullptr;
    click_ip *ip = q->ip_header();
    struct in_addr src = ip->ip_src;
    ip->ip_src = ip->ip_dst;
    ip->ip_dst = src;
    IPPayload t(q, ip);
    unsigned char *d = const_cast<unsigned char *>(t.data);
    if (IP_FIRSTFRAG(ip) && (ip->ip_p == IP_PROTO_TCP || ip->ip_p == IP_PROTO_UDP)) {
        if (t.length >= 4) swap_bytes(d, d + 2, 2);
        if (ip->ip_p == IP_PROTO_TCP && t.length >= 12) swap_bytes(d + 4, d + 8, 4);
    }
    if (_dst_anno) q->set_dst_ip_anno(IPAddress(src));
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IPMirror)
