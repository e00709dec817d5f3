#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <clicknet/ip.h>
#include <clicknet/udp.h>
#include <click/glue.hh>
#include "udpipencap.hh"
CLICK_DECLS

int UDPIPEncap::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("SRC", _src).read_mp("SPORT", IPPortArg(IP_PROTO_UDP), _sport).read_mp("DST", _dst)
        .read_mp("DPORT", IPPortArg(IP_PROTO_UDP), _dport).read_p("CHECKSUM", _checksum).complete();
}

Packet *UDPIPEncap::simple_action(Packet *p) {
    if (p->length() > 65535 - 28) {
        p->kill();
        return nullptr;
    }
    WritablePacket *q = p->push(28);
    if (!q)
        return nullptr;
    click_ip *ip = reinterpret_cast<click_ip *>(q->data());
    click_udp *udp = reinterpret_cast<click_udp *>(ip + 1);
    memset(ip, 0, 28);
    ip->ip_v = 4, ip->ip_hl = 5, ip->ip_ttl = 250, ip->ip_p = IP_PROTO_UDP;
    ip->ip_len = htons((uint16_t) q->length());
    ip->ip_id = htons(_id++);
    ip->ip_src = _src.in_addr(), ip->ip_dst = _dst.in_addr();
    ip->ip_sum = click_in_cksum((unsigned char *) ip, 20);
    uint16_t len = (uint16_t) (q->length() - 20);
    udp->uh_sport = htons(_sport), udp->uh_dport = htons(_dport), udp->uh_ulen = htons(len);
    if (_checksum) {
        uint16_t s = click_in_cksum_pseudohdr(click_in_cksum((unsigned char *) udp, len), ip, len);
        udp->uh_sum = s ? s : 0xFFFF;       // RFC 768
    }
    q->set_ip_header(ip, 20);
    q->set_dst_ip_anno(_dst);
    return q;
}

void UDPIPEncap::add_handlers() {
    static const char *const names[] = {"0 SRC", "1 SPORT", "2 DST", "3 DPORT"};
    static const char *const handlers[] = {"src", "sport", "dst", "dport"};
    for (int i = 0; i < 4; ++i)
        add_read_handler(handlers[i], read_keyword_handler, names[i]);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(UDPIPEncap)
