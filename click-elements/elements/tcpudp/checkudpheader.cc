#include <click/config.h>
#include "checkudpheader.hh"
#include <clicknet/udp.h>
CLICK_DECLS

CheckUDPHeader::Reason CheckUDPHeader::check(const click_ip *ip, const IPPayload &t) const {
    if (ip->ip_p != IP_PROTO_UDP) return not_it;
    uint32_t n = t.length >= sizeof(click_udp) && !IP_ISFRAG(ip) ? ntohs(reinterpret_cast<const click_udp *>(t.data)->uh_ulen) : 0;
    if (n < sizeof(click_udp) || n > t.length) return bad_length;
    if (!reinterpret_cast<const click_udp *>(t.data)->uh_sum) return ok;            // none was computed
    return click_in_cksum_pseudohdr(click_in_cksum(t.data, (int) n), ip, (int) n) ? bad_checksum : ok;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(CheckUDPHeader)
