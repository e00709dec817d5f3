#include <click/config.h>
#include "ipoutputcombo.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int IPOutputCombo::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("COLOR", BoundedIntArg(0, 255), _color).read_mp("IPADDR", _options.mine).read_mp("MTU", _mtu).complete();
}

void IPOutputCombo::push(int, Packet *p) {
    if (p->packet_type_anno() == Packet::BROADCAST || p->packet_type_anno() == Packet::MULTICAST) return p->kill();
    if (PAINT_ANNO(p) == _color)
        if (Packet *copy = p->clone()) output(1).push(copy);
    int bad;
    if (!(p = _options.act(p, bad))) return;
    if (bad) {
        SET_ICMP_PARAMPROB_ANNO(p, (uint8_t) bad);
        return output(2).push(p);
    }
    const click_ip *ip = ip_whole_header(p);
    if (!ip) return p->kill();
    bool fix = FIX_IP_SRC_ANNO(p);
    if (ip->ip_ttl <= 1 && !fix) return output(3).push(p);
    WritablePacket *q = p->uniqueify();
    if (!q) return;
    click_ip *w = q->ip_header();
    if (fix) {
        SET_FIX_IP_SRC_ANNO(q, 0);
        ip_set_address(q, w, true, _options.mine);
        if (w->ip_ttl <= 1) return output(3).push(q);
    }
    uint16_t before = htons((uint16_t) (w->ip_ttl << 8 | w->ip_p));
    --w->ip_ttl;
    w->ip_sum = ip_sum_changed(w->ip_sum, before, htons((uint16_t) (w->ip_ttl << 8 | w->ip_p)));
    output(q->length() > _mtu ? 4 : 0).push(q);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IPOutputCombo)
