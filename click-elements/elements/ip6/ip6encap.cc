#include <click/config.h>
#include "ip6encap.hh"
#include "ip6packet.hh"
CLICK_DECLS

namespace {
struct ProtocolArg {
    static bool parse(const String &s, uint8_t &result, const ArgContext &args) {
        static const struct { const char *name; uint8_t number; } names[] = {
            {"ip", 4}, {"ipip", 4}, {"tcp", 6}, {"udp", 17}, {"ipv6", 41}, {"ip6", 41}, {"gre", 47}, {"esp", 50}, {"ah", 51}, {"icmp6", 58},
            {"ipv6-icmp", 58}, {"sctp", 132}};
        for (const auto &n : names)
            if (s == n.name) {
                result = n.number;
                return true;
            }
        unsigned x;
        if (!cp_integer(s, &x) || x > 255) {
            args.error("bad IP protocol");
            return false;
        }
        result = (uint8_t) x;
        return true;
    }
};
}

int IP6Encap::configure(Vector<String> &conf, ErrorHandler *errh) {
    uint8_t proto, hlim = 250, tclass = 0;
    IP6Address src;
    IP6DestinationArg::Value dst;
    if (Args(conf, this, errh).read_mp("PROTO", ProtocolArg(), proto).read_mp("SRC", src).read_mp("DST", IP6DestinationArg(), dst)
            .read("HLIM", hlim).read("CLASS", tclass).complete() < 0)
        return -1;
    _proto = proto, _hlim = hlim, _class = tclass, _src = src, _dst = dst.address, _use_anno = dst.anno;
    return 0;
}

Packet *IP6Encap::simple_action(Packet *p) {
    uint32_t payload = p->length();
    if (unlikely(payload > 65535)) {
        p->kill();
        return nullptr;
    }
    IP6Address dst = _use_anno ? dst_ip6_anno(p) : _dst;
    WritablePacket *q = p->push(sizeof(click_ip6));
    if (!q)
        return nullptr;
    ip6_make_header(reinterpret_cast<click_ip6 *>(q->data()), _src, dst, _proto, payload, _hlim, _class);
    q->set_network_header(q->data(), sizeof(click_ip6));
    set_dst_ip6_anno(q, dst);
    return q;
}

String IP6Encap::read(Element *el, void *dst) {
    IP6Encap *e = static_cast<IP6Encap *>(el);
    return dst ? e->_use_anno ? String("DST_ANNO") : e->_dst.unparse() : e->_src.unparse();
}

void IP6Encap::add_handlers() {
    add_read_handler("src", read, 0);
    add_write_handler("src", reconfigure_keyword_handler, "1 SRC");
    add_read_handler("dst", read, 1);
    add_write_handler("dst", reconfigure_keyword_handler, "2 DST");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IP6Encap)
