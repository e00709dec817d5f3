#include <click/config.h>
#include <click/args.hh>
#include "icmppingencap.hh"
#include "elements/icmp/icmpping.hh"
CLICK_DECLS

int ICMPPingEncap::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("SRC", _src).read_mp("DST", _dst).read("IDENTIFIER", BoundedIntArg(0, 65535), _identifier).complete();
}

Packet *ICMPPingEncap::simple_action(Packet *p) {
    if (p->length() > 65535 - icmp_ping_header) {
        p->kill();
        return nullptr;
    }
    WritablePacket *q = p->push(icmp_ping_header);
    if (q) icmp_write_ping(q, _src, _dst, _identifier, ++_sequence);
    return q;
}

void ICMPPingEncap::add_handlers() {
    add_data_handlers("src", Handler::f_read | Handler::f_write, &_src);
    add_data_handlers("dst", Handler::f_read | Handler::f_write, &_dst);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ICMPPingEncap)
