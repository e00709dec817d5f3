#include <click/config.h>
#include <click/error.hh>
#include <click/ipaddress.hh>
#include <clicknet/ip.h>
#include <clicknet/udp.h>
#include <click/glue.hh>
#include "gtpencap.hh"
#include "elements/gtp/gtpdecap.hh"
#include <click/args.hh>
CLICK_DECLS

int GTPEncap::configure(Vector<String> &conf, ErrorHandler *errh) {
    _id = (uint16_t) click_random();
    return Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).read("DF", _df).read("TTL", BoundedIntArg(1, 255), _ttl).complete();
}

Packet *GTPEncap::simple_action(Packet *p) {
    const click_ip *inner = p->ip_header();
    GTPSession *s = nullptr;
    const GTPBearer *b = nullptr;
    // The header must be all there, and the tunnel's 16-bit lengths must hold the packet.
    if (inner && p->network_length() >= 20 && p->network_length() <= 65535 - 36 && p->network_header_offset() == 0)
        b = _table->way_back(inner, p->network_length(), s);
    if (!b) {
        ++_unknown;
        checked_output_push(1, p);
        return nullptr;
    }
    const GTPLeg &leg = s->down;
    uint32_t payload = p->length(), ether = leg.vlan_tpid ? 18 : 14;
    ++s->encap_packets, s->encap_bytes += payload;
    WritablePacket *q = p->push(ether + 20 + 8 + 8);
    if (!q)
        return nullptr;
    unsigned char *d = q->data();
    memcpy(d, leg.dst, 6);
    memcpy(d + 6, leg.src, 6);
    if (leg.vlan_tpid) {
        uint16_t tag[2] = {htons(leg.vlan_tpid), htons(leg.vlan_tci)};
        memcpy(d + 12, tag, 4);
    }
    d[ether - 2] = 0x08, d[ether - 1] = 0x00;

    click_ip *ip = reinterpret_cast<click_ip *>(d + ether);
    ip->ip_v = 4, ip->ip_hl = 5, ip->ip_tos = 0;
    ip->ip_len = htons((uint16_t) (20 + 8 + 8 + payload));
    ip->ip_id = htons(_id++);
    ip->ip_off = htons(_df ? IP_DF : 0);
    ip->ip_ttl = (uint8_t) _ttl, ip->ip_p = IP_PROTO_UDP, ip->ip_sum = 0;
    ip->ip_src.s_addr = b->dl_core, ip->ip_dst.s_addr = b->dl_enb;
    ip->ip_sum = click_in_cksum((const unsigned char *) ip, 20);

    click_udp *udp = reinterpret_cast<click_udp *>(ip + 1);
    udp->uh_sport = udp->uh_dport = htons(GTPU_PORT);
    udp->uh_ulen = htons((uint16_t) (8 + 8 + payload));
    udp->uh_sum = 0;

    // TS 29.281 §5.1: version 1, PT 1, no optional fields; the length counts what follows the first 8 octets
    unsigned char *gtp = reinterpret_cast<unsigned char *>(udp + 1);
    gtp[0] = GTPU_VERSION_1_PT_1, gtp[1] = GTPU_GPDU;
    gtp[2] = (unsigned char) (payload >> 8), gtp[3] = (unsigned char) payload;
    uint32_t teid = htonl(b->dl_teid);
    memcpy(gtp + 4, &teid, 4);

    q->set_mac_header(d, ether);
    q->set_ip_header(ip, 20);
    q->set_dst_ip_anno(IPAddress(b->dl_enb));
    ++_count;
    return q;
}

int GTPEncap::reset(const String &, Element *e, void *, ErrorHandler *) {
    GTPEncap *g = static_cast<GTPEncap *>(e);
    g->_count = g->_unknown = 0;
    return 0;
}

void GTPEncap::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("unknown", Handler::f_read, &_unknown);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable)
EXPORT_ELEMENT(GTPEncap)
