#include <click/config.h>
#include "storeipaddress.hh"
#include <click/args.hh>
#include <click/error.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

int StoreIPAddress::configure(Vector<String> &conf, ErrorHandler *errh) {
    String offset;
    _use_anno = conf.size() < 2;
    Args args(conf, this, errh);
    if (!_use_anno) args.read_mp("ADDR", _address);
    if (args.read_mp("OFFSET", AnyArg(), offset).complete() < 0) return -1;
    if (offset == "src") _offset = ip_src;
    else if (offset == "dst") _offset = ip_dst;
    else if (!cp_integer(offset, &_offset) || _offset >= ip_src) return errh->error("type mismatch: OFFSET requires integer");
    return 0;
}

Packet *StoreIPAddress::simple_action(Packet *p) {
    IPAddress a = _use_anno ? p->dst_ip_anno() : _address;
    bool header = _offset >= ip_src;
    if (header ? ip_whole_header(p) == nullptr : (uint64_t) _offset + 4 > p->length()) {
        checked_output_push(1, p);
        return nullptr;
    }
    if (_use_anno && !a) return p;
    WritablePacket *q = p->uniqueify();
    if (!q) return nullptr;
    click_ip *ip = q->ip_header();
    if (header) ip_set_address(q, ip, _offset == ip_src, a);
    else memcpy(q->data() + _offset, a.data(), 4);
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(StoreIPAddress)
