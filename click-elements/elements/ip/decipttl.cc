#include <click/config.h>
#include <click/ipaddress.hh>
#include <clicknet/ip.h>
#include "decipttl.hh"
CLICK_DECLS

Packet *DecIPTTL::simple_action(Packet *p) {
    const click_ip *ip = p->ip_header();
    if (!ip || p->network_length() < sizeof *ip || !_active || (!_multicast && IPAddress(ip->ip_dst).is_multicast()))
        return p;
    if (ip->ip_ttl <= 1) {
        ++_drops;
        checked_output_push(1, p);
        return nullptr;
    }
    WritablePacket *q = p->uniqueify();
    if (!q)
        return nullptr;
    click_ip *wip = q->ip_header();
    --wip->ip_ttl;
    // RFC 1624 eqn. 3: the word that holds the TTL fell by 0x100. Not HC + 0x100, which makes 0xFFFF of what is 0.
    uint32_t sum = (~(uint32_t) ntohs(wip->ip_sum) & 0xFFFF) + 0xFEFF;
    wip->ip_sum = htons((uint16_t) ~(sum + (sum >> 16)));
    return q;
}

void DecIPTTL::add_handlers() {
    add_data_handlers("drops", Handler::f_read, &_drops);
    add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(DecIPTTL)
