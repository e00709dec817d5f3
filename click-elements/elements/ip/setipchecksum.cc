#include <click/config.h>
#include <clicknet/ip.h>
#include <click/glue.hh>
#include "setipchecksum.hh"
#include "ipheadersum.hh"
CLICK_DECLS

Packet *SetIPChecksum::simple_action(Packet *p) {
    const click_ip *ip = p->ip_header();
    if (!ip || p->network_length() < 20 || ip->ip_hl < 5 || p->network_length() < ip->ip_hl * 4U) {
        ++_drops;
        p->kill();
        return nullptr;
    }
    WritablePacket *q = p->uniqueify();
    if (!q)
        return nullptr;
    click_ip *w = q->ip_header();
    w->ip_sum = 0;
    w->ip_sum = ip_header_sum(w, w->ip_hl);
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetIPChecksum)
