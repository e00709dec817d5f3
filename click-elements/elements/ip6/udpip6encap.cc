#include <click/config.h>
#include "udpip6encap.hh"
#include <clicknet/ip.h>
#include <clicknet/udp.h>
#include "ip6encap.hh"
#include "ip6packet.hh"
CLICK_DECLS

int UDPIP6Encap::configure(Vector<String> &conf, ErrorHandler *errh) {
    IP6Address src;
    IP6DestinationArg::Value dst;
    uint16_t sport, dport;
    if (Args(conf, this, errh).read_mp("SRC", src).read_mp("SPORT", IPPortArg(IP_PROTO_UDP), sport).read_mp("DST", IP6DestinationArg(), dst)
            .read_mp("DPORT", IPPortArg(IP_PROTO_UDP), dport).complete() < 0)
        return -1;
    _src = src, _dst = dst.address, _use_anno = dst.anno, _sport = sport, _dport = dport;
    return 0;
}

Packet *UDPIP6Encap::simple_action(Packet *p) {
    if (unlikely(p->length() > 65535 - sizeof(click_udp))) {
        p->kill();
        return nullptr;
    }
    IP6Address dst = _use_anno ? dst_ip6_anno(p) : _dst;
    WritablePacket *q = p->push(sizeof(click_ip6) + sizeof(click_udp));
    if (!q)
        return nullptr;
    click_ip6 *ip = reinterpret_cast<click_ip6 *>(q->data());
    uint32_t length = q->length() - sizeof *ip;
    ip6_make_header(ip, _src, dst, IP6_NXT_UDP, length, 255);
    click_udp udp = {htons(_sport), htons(_dport), htons((uint16_t) length), 0};
    memcpy(ip + 1, &udp, sizeof udp);
    udp.uh_sum = ip6_transport_cksum(_src, dst, IP6_NXT_UDP, reinterpret_cast<unsigned char *>(ip + 1), length);
    if (udp.uh_sum == 0)
        udp.uh_sum = 0xFFFF;              // RFC 8200 §8.1
    memcpy(ip + 1, &udp, sizeof udp);
    q->set_network_header(q->data(), sizeof *ip);
    set_dst_ip6_anno(q, dst);
    return q;
}

String UDPIP6Encap::read(Element *el, void *what) {
    UDPIP6Encap *e = static_cast<UDPIP6Encap *>(el);
    switch ((intptr_t) what) {
    case 0: return e->_src.unparse();
    case 1: return String((unsigned) e->_sport);
    case 2: return e->_use_anno ? String("DST_ANNO") : e->_dst.unparse();
    default: return String((unsigned) e->_dport);
    }
}

void UDPIP6Encap::add_handlers() {
    static const char *const handlers[] = {"src", "sport", "dst", "dport"}, *const names[] = {"0 SRC", "1 SPORT", "2 DST", "3 DPORT"};
    for (int i = 0; i < 4; ++i) {
        add_read_handler(handlers[i], read, i);
        add_write_handler(handlers[i], reconfigure_keyword_handler, names[i]);
    }
}

CLICK_ENDDECLS
EXPORT_ELEMENT(UDPIP6Encap)
