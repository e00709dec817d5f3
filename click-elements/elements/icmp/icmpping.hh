#ifndef LCLICK_ICMPPING_HH
#define LCLICK_ICMPPING_HH
#include <click/packet.hh>
#include <clicknet/icmp.h>
CLICK_DECLS

enum { icmp_ping_header = sizeof(click_ip) + 8 };

/** Write the headers of an echo request (RFC 792) into the first bytes of @a q, whose other bytes are the data. */
inline void icmp_write_ping(WritablePacket *q, IPAddress src, IPAddress dst, uint16_t identifier, uint16_t sequence) {
    click_ip *ip = reinterpret_cast<click_ip *>(q->data());
    memset(ip, 0, icmp_ping_header);
    ip->ip_v = 4, ip->ip_hl = 5, ip->ip_ttl = 200, ip->ip_p = IP_PROTO_ICMP;
    ip->ip_len = htons((uint16_t) q->length()), ip->ip_id = htons(sequence);
    ip->ip_src = src.in_addr(), ip->ip_dst = dst.in_addr();
    ip->ip_sum = click_in_cksum((const unsigned char *) ip, sizeof(click_ip));
    unsigned char *icmp = q->data() + sizeof(click_ip);
    uint16_t field = htons(identifier);
    icmp[0] = ICMP_ECHO;
    memcpy(icmp + 4, &field, 2);
    field = htons(sequence);
    memcpy(icmp + 6, &field, 2);
    field = click_in_cksum(icmp, (int) (q->length() - sizeof(click_ip)));
    memcpy(icmp + 2, &field, 2);
    q->set_ip_header(ip, sizeof(click_ip));
    q->set_dst_ip_anno(dst);
}

CLICK_ENDDECLS
#endif
