#include <click/config.h>
#include "checktcpheader.hh"
#include <clicknet/tcp.h>
CLICK_DECLS

CheckTCPHeader::Reason CheckTCPHeader::check(const click_ip *ip, const IPPayload &t) const {
    if (ip->ip_p != IP_PROTO_TCP) return not_it;
    uint32_t hlen = t.length >= sizeof(click_tcp) && !IP_ISFRAG(ip) ? reinterpret_cast<const click_tcp *>(t.data)->th_off * 4U : 0;
    if (hlen < sizeof(click_tcp) || hlen > t.length || t.length + ip->ip_hl * 4U != ntohs(ip->ip_len)) return bad_length;
    return click_in_cksum_pseudohdr(click_in_cksum(t.data, (int) t.length), ip, (int) t.length) ? bad_checksum : ok;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(CheckTCPHeader)
