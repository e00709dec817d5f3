#include <click/config.h>
#include "settcpchecksum.hh"
#include <clicknet/tcp.h>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

Packet *SetTCPChecksum::simple_action(Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    uint32_t n = ip ? IPPayload(p, ip).length : 0;
    if (!ip || ip->ip_p != IP_PROTO_TCP || IP_ISFRAG(ip) || n < sizeof(click_tcp) || n + ip->ip_hl * 4U != ntohs(ip->ip_len)) {
        ++_drops;
        p->kill();
        return nullptr;
    }
    WritablePacket *q = p->uniqueify();
    if (!q) return nullptr;
    click_ip *w = q->ip_header();
    click_tcp *tcp = reinterpret_cast<click_tcp *>(reinterpret_cast<unsigned char *>(w) + w->ip_hl * 4);
    if (_fixoff && tcp->th_off < 5) tcp->th_off = 5;
    if (_fixoff && tcp->th_off * 4U > n) tcp->th_off = n / 4 & 15;
    tcp->th_sum = 0;
    tcp->th_sum = click_in_cksum_pseudohdr(click_in_cksum((const unsigned char *) tcp, (int) n), w, (int) n);
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetTCPChecksum)
