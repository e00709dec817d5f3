#include <click/config.h>
#include "setrandipaddress.hh"
#include <click/args.hh>
CLICK_DECLS

namespace {
struct Prefix { IPAddress addr, mask; };
struct PrefixArg { bool parse(const String &s, Prefix &p, const ArgContext &args) const { return cp_ip_prefix(s, &p.addr, &p.mask, true, args.context()); } };
}

int SetRandIPAddress::configure(Vector<String> &conf, ErrorHandler *errh) {
    Prefix p;
    if (Args(conf, this, errh).read_mp("PREFIX", PrefixArg(), p).read_p("LIMIT", BoundedIntArg(-1, 1 << 20), _limit).complete() < 0) return -1;
    _addr = p.addr, _mask = p.mask;
    for (int i = 0; i < _limit; ++i) _chosen.push_back(pick());
    return 0;
}

Packet *SetRandIPAddress::simple_action(Packet *p) {
    p->set_dst_ip_anno(_limit > 0 ? _chosen[click_random(0, _limit - 1)] : _limit < 0 ? pick() : _addr & _mask);
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetRandIPAddress)
