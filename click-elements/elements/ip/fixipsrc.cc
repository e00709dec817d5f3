#include <click/config.h>
#include "fixipsrc.hh"
#include <click/packet_anno.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

Packet *FixIPSrc::simple_action(Packet *p) {
    if (!FIX_IP_SRC_ANNO(p)) return p;
    SET_FIX_IP_SRC_ANNO(p, 0);
    if (!ip_whole_header(p)) return p;
    WritablePacket *q = p->uniqueify();
    if (!q) return nullptr;
    click_ip *ip = q->ip_header();
    ip_set_address(q, ip, true, _address);
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(FixIPSrc)
