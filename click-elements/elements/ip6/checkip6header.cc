#include <click/config.h>
#include "checkip6header.hh"
#include <click/args.hh>
#include "ip6packet.hh"
CLICK_DECLS

int CheckIP6Header::configure(Vector<String> &conf, ErrorHandler *errh) {
    struct AddressesArg {
        static bool parse(const String &s, Vector<IP6Address> &result, const ArgContext &args) {
            Vector<String> words;
            cp_spacevec(s, words);
            for (const String &w : words) {
                IP6Address a;
                if (!IP6AddressArg::parse(w, a, args)) {
                    args.error("expected IPv6 addresses, not %<%s%>", w.c_str());
                    return false;
                }
                result.push_back(a);
            }
            return true;
        }
    };
    return Args(conf, this, errh).read_p("BADADDRS", AddressesArg(), _bad_sources).read_p("OFFSET", _offset).complete();
}

bool CheckIP6Header::valid(const Packet *p) const {
    if (p->length() < sizeof(click_ip6) || p->length() - sizeof(click_ip6) < _offset)
        return false;
    const click_ip6 *ip = reinterpret_cast<const click_ip6 *>(p->data() + _offset);
    if (!IP6_CHECK_V(*ip) || ntohs(ip->ip6_plen) > p->length() - _offset - sizeof *ip || ip->ip6_src.s6_addr[0] == 0xFF)
        return false;
    for (const IP6Address &a : _bad_sources)
        if (memcmp(a.data(), &ip->ip6_src, 16) == 0)
            return false;
    return true;
}

Packet *CheckIP6Header::simple_action(Packet *p) {
    if (unlikely(!valid(p))) {
        if (!_drops++)
            click_chatter("IP6 header check failed");
        checked_output_push(1, p);
        return nullptr;
    }
    const click_ip6 *ip = reinterpret_cast<const click_ip6 *>(p->data() + _offset);
    uint32_t len = sizeof *ip + ntohs(ip->ip6_plen);
    if (p->length() - _offset > len)
        p->take(p->length() - _offset - len);
    IP6Chain chain(ip, len);
    p->set_network_header(reinterpret_cast<const unsigned char *>(ip), chain.whole ? chain.offset : (uint32_t) sizeof *ip);
    ++_count;
    return p;
}

void CheckIP6Header::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("drops", Handler::f_read, &_drops);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(CheckIP6Header)
