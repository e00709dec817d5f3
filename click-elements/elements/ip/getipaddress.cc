#include <click/config.h>
#include "getipaddress.hh"
#include <click/args.hh>
#include <click/error.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

int GetIPAddress::configure(Vector<String> &conf, ErrorHandler *errh) {
    String ip;
    bool offset_given = false;
    Args args(conf, this, errh);
    if (args.read("IP", WordArg(), ip).consume() < 0) return -1;
    if (!ip) args.read_p("OFFSET", _offset).read_status(offset_given);
    if (args.read_p("ANNO", AnnoArg(4), _anno).complete() < 0) return -1;
    if (!ip && !offset_given) return errh->error("set one of OFFSET, IP");
    if (ip && ip != "src" && ip != "dst") return errh->error("bad IP");
    if (ip) _ip = true, _offset = ip == "src" ? 12 : 16;
    _anno &= 0xFFFF;         // AnnoArg adds the size
    return 0;
}

Packet *GetIPAddress::simple_action(Packet *p) {
    const unsigned char *d = _ip ? (const unsigned char *) ip_whole_header(p) : p->data();
    uint32_t a = 0;
    if (d && (uint64_t) _offset + 4 <= (uint64_t) (p->end_data() - d)) memcpy(&a, d + _offset, 4);
    p->set_anno_u32(_anno, a);
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(GetIPAddress)
