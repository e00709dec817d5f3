#include <click/config.h>
#include "ipgwoptions.hh"
#include "elements/ip/ipnames.hh"
#include <click/packet_anno.hh>
CLICK_DECLS

int IPGWOptions::configure(Vector<String> &conf, ErrorHandler *errh) {
    String others;
    if (Args(conf, this, errh).read_mp("MYADDR", _options.mine).read_p("OTHERADDRS", AnyArg(), others).complete() < 0) return -1;
    return ip_address_list(others, _options.others, this, errh, "OTHERADDRS") ? 0 : -1;
}

Packet *IPGWOptions::simple_action(Packet *p) {
    int bad;
    p = _options.act(p, bad);
    if (!p || likely(!bad)) return p;
    ++_drops;
    SET_ICMP_PARAMPROB_ANNO(p, (uint8_t) bad);
    checked_output_push(1, p);
    return nullptr;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IPGWOptions)
