#include <click/config.h>
#include "setip6dscp.hh"
#include <click/args.hh>
#include <click/error.hh>
#include "ip6packet.hh"
CLICK_DECLS

int SetIP6DSCP::configure(Vector<String> &conf, ErrorHandler *errh) {
    unsigned dscp;
    if (Args(conf, this, errh).read_mp("DSCP", dscp).complete() < 0)
        return -1;
    if (dscp > 63)
        return errh->error("diffserv code point out of range");
    _dscp = dscp;
    return 0;
}

Packet *SetIP6DSCP::simple_action(Packet *p) {
    if (!ip6_header_of(p))
        return p;
    WritablePacket *q = p->uniqueify();
    if (q) {
        click_ip6 *ip = ip6_header_of(q);
        ip->ip6_flow = (ip->ip6_flow & htonl(~IP6_DSCP_MASK)) | htonl(_dscp << IP6_DSCP_SHIFT);
    }
    return q;
}

void SetIP6DSCP::add_handlers() {
    add_data_handlers("dscp", Handler::f_read, &_dscp);
    add_write_handler("dscp", reconfigure_keyword_handler, "0 DSCP");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetIP6DSCP)
