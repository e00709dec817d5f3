#include <click/config.h>
#include "decip6hlim.hh"
#include "ip6packet.hh"
CLICK_DECLS

Packet *DecIP6HLIM::simple_action(Packet *p) {
    const click_ip6 *ip = ip6_header_of(p);
    if (!ip)
        return p;
    if (ip->ip6_hlim <= 1) {
        ++_drops;
        checked_output_push(1, p);
        return nullptr;
    }
    WritablePacket *q = p->uniqueify();
    if (q)
        --ip6_header_of(q)->ip6_hlim;
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(DecIP6HLIM)
