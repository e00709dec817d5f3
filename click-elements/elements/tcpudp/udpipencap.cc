#include <click/config.h>
#include "udpipencap.hh"
#include "elements/ip/ipheadersum.hh"
#include <click/args.hh>
CLICK_DECLS

int UDPIPEncap::configure(Vector<String> &conf, ErrorHandler *errh) {
    IPAddress src, dst;
    uint16_t sport, dport;
    bool checksum = true;
    if (Args(conf, this, errh).read_mp("SRC", src).read_mp("SPORT", IPPortArg(IP_PROTO_UDP), sport).read_mp("DST", dst)
            .read_mp("DPORT", IPPortArg(IP_PROTO_UDP), dport).read_p("CHECKSUM", checksum).complete() < 0)
        return -1;
    memset(&_template, 0, sizeof _template);
    click_ip &ip = _template.ip;
    ip.ip_v = 4, ip.ip_hl = 5, ip.ip_ttl = 250, ip.ip_p = IP_PROTO_UDP;
    ip.ip_src = src.in_addr(), ip.ip_dst = dst.in_addr();
    _template_sum = (uint16_t) ~ip_header_sum(&ip, 5);
    _template.udp.uh_sport = htons(sport), _template.udp.uh_dport = htons(dport);
    _pseudo_sum = (uint16_t) ~click_in_cksum((const unsigned char *) &ip.ip_src, 8) + htons(IP_PROTO_UDP) + _template.udp.uh_sport + _template.udp.uh_dport;
    _checksum = checksum;
    return 0;
}

Packet *UDPIPEncap::simple_action(Packet *p) {
    if (unlikely(p->length() > 65535 - 28)) {
        p->kill();
        return nullptr;
    }
    WritablePacket *q = p->push(sizeof(Headers));
    if (unlikely(!q))
        return nullptr;
    Headers *h = reinterpret_cast<Headers *>(q->data());
    *h = _template;
    uint16_t length = htons((uint16_t) q->length()), id = htons(_id++), udp_length = (uint16_t) (q->length() - 20);
    h->ip.ip_len = length, h->ip.ip_id = id;
    uint32_t sum = _template_sum + length + id;
    sum = (sum & 0xFFFF) + (sum >> 16);
    h->ip.ip_sum = (uint16_t) ~((sum & 0xFFFF) + (sum >> 16));
    h->udp.uh_ulen = htons(udp_length);
    if (_checksum) {
        // The headers are summed from what was put into them: to read back what was just written would stall.
        uint32_t payload = (uint16_t) ~click_in_cksum((unsigned char *) (h + 1), udp_length - 8);
        uint64_t all = uint64_t(_pseudo_sum) + 2 * htons(udp_length) + payload;
        all = (all & 0xFFFF) + (all >> 16), all = (all & 0xFFFF) + (all >> 16);
        h->udp.uh_sum = all == 0xFFFF ? 0xFFFF : (uint16_t) ~all;       // RFC 768: a sum of 0 is sent as all ones
    }
    q->set_ip_header(&h->ip, 20);
    q->set_dst_ip_anno(IPAddress(h->ip.ip_dst));
    return q;
}

/** What goes into the headers: names are told as what they stand for. */
static String read_template(Element *e, void *what) {
    return static_cast<UDPIPEncap *>(e)->field((uintptr_t) what);
}

String UDPIPEncap::field(uintptr_t which) const {
    if (which % 2)
        return String(ntohs(which == 1 ? _template.udp.uh_sport : _template.udp.uh_dport));
    return IPAddress(which == 0 ? _template.ip.ip_src : _template.ip.ip_dst).unparse();
}

void UDPIPEncap::add_handlers() {
    static const char *const handlers[] = {"src", "sport", "dst", "dport"}, *const arguments[] = {"0 SRC", "1 SPORT", "2 DST", "3 DPORT"};
    for (int i = 0; i < 4; ++i) {
        add_read_handler(handlers[i], read_template, i);
        add_write_handler(handlers[i], reconfigure_keyword_handler, arguments[i]);
    }
}

CLICK_ENDDECLS
EXPORT_ELEMENT(UDPIPEncap)
