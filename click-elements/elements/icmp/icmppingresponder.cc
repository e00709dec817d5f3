#include <click/config.h>
#include <click/ipaddress.hh>
#include <clicknet/ip.h>
#include <clicknet/icmp.h>
#include "icmppingresponder.hh"
CLICK_DECLS

Packet *ICMPPingResponder::simple_action(Packet *p) {
    const click_ip *ip = p->ip_header();
    if (!ip || !p->has_transport_header() || p->network_length() < sizeof *ip || ip->ip_p != IP_PROTO_ICMP || IP_ISFRAG(ip) || p->transport_length() < 8 || p->icmp_header()->icmp_type != ICMP_ECHO) {
        checked_output_push(1, p);
        return nullptr;
    }
    WritablePacket *q = p->uniqueify();
    if (!q)
        return nullptr;
    // Swapping addresses keeps the IP checksum; the new TTL, the fragment flags and type 8 to 0 change theirs (RFC 1624).
    click_ip *w = q->ip_header();
    struct in_addr asker = w->ip_src;
    w->ip_src = w->ip_dst;
    w->ip_dst = asker;
    uint16_t ip_sum = w->ip_sum;
    click_update_in_cksum(&ip_sum, htons(uint16_t(w->ip_ttl << 8 | IP_PROTO_ICMP)), htons(255 << 8 | IP_PROTO_ICMP));
    click_update_in_cksum(&ip_sum, w->ip_off, 0);
    w->ip_sum = ip_sum;
    w->ip_ttl = 255;
    w->ip_off = 0;
    click_icmp *icmp = q->icmp_header();
    icmp->icmp_type = ICMP_ECHOREPLY;
    uint16_t sum = icmp->icmp_cksum;
    click_update_in_cksum(&sum, htons(ICMP_ECHO << 8), 0);
    icmp->icmp_cksum = sum;
    q->set_dst_ip_anno(IPAddress(w->ip_dst));
    ++_count;
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ICMPPingResponder)
