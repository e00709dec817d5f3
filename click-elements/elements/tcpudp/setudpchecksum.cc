#include <click/config.h>
#include "setudpchecksum.hh"
#include <clicknet/udp.h>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

Packet *SetUDPChecksum::simple_action(Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    if (ip && !IP_ISFRAG(ip)) {
        IPPayload t(p, ip);
        uint32_t n = t.length >= sizeof(click_udp) ? ntohs(reinterpret_cast<const click_udp *>(t.data)->uh_ulen) : 0;
        if (n >= sizeof(click_udp) && n <= t.length) {
            WritablePacket *q = p->uniqueify();
            if (!q) return nullptr;
            click_ip *w = q->ip_header();
            click_udp *udp = reinterpret_cast<click_udp *>(reinterpret_cast<unsigned char *>(w) + w->ip_hl * 4);
            udp->uh_sum = 0;
            uint32_t partial = click_in_cksum((const unsigned char *) udp, (int) n);
            udp->uh_sum = udp_sum(click_in_cksum_pseudohdr_raw(partial, w->ip_src.s_addr, w->ip_dst.s_addr, IP_PROTO_UDP, (int) n));
            return q;
        }
    }
    checked_output_push(1, p);
    return nullptr;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetUDPChecksum)
