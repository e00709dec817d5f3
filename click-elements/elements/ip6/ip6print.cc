#include <click/config.h>
#include "ip6print.hh"
#include <click/args.hh>
#include <click/straccum.hh>
#include "ip6packet.hh"
CLICK_DECLS

int IP6Print::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_p("LABEL", _label).read("NBYTES", _bytes).read("CONTENTS", _contents).read("ACTIVE", _active).complete();
}

Packet *IP6Print::simple_action(Packet *p) {
    if (!_active)
        return p;
    StringAccum sa;
    if (_label)
        sa << _label << ": ";
    const click_ip6 *ip = ip6_header_of(p);
    if (!ip)
        sa << "no IPv6 header (" << p->length() << " bytes)";
    else {
        sa << IP6Address(ip->ip6_src.s6_addr) << " -> " << IP6Address(ip->ip6_dst.s6_addr) << " plen " << ntohs(ip->ip6_plen) << ", next " << (int) ip->ip6_nxt
           << ", hlim " << (int) ip->ip6_hlim;
        uint32_t n = _contents ? std::min(_bytes, (uint32_t) p->network_length()) : 0;
        for (uint32_t i = 0; i < n; ++i)
            sa.snprintf(16, "%s%02x", i % 24 == 0 ? "\n  " : i % 4 == 0 ? " " : "", p->network_header()[i]);
    }
    click_chatter("%.*s", sa.length(), sa.data());
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IP6Print)
