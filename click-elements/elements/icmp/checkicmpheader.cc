#include <click/config.h>
#include "checkicmpheader.hh"
CLICK_DECLS

CheckICMPHeader::Reason CheckICMPHeader::check(const click_ip *ip, const IPPayload &t) const {
    if (ip->ip_p != IP_PROTO_ICMP) return not_it;
    uint32_t need = 8;
    if (t.length >= need)
        switch (t.data[0]) {
        case 3: case 4: case 5: case 11: case 12: need = 8 + sizeof(click_ip); break;       // errors quote a packet
        case 13: case 14: need = 20; break;
        case 17: case 18: need = 12; break;
        }
    if (t.length < need || IP_ISFRAG(ip) || t.length + ip->ip_hl * 4U != ntohs(ip->ip_len)) return bad_length;
    return click_in_cksum(t.data, (int) t.length) ? bad_checksum : ok;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(CheckICMPHeader)
