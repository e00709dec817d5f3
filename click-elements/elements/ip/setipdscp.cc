#include <click/config.h>
#include "setipdscp.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int SetIPDSCP::configure(Vector<String> &conf, ErrorHandler *errh) {
    unsigned dscp;
    if (Args(conf, this, errh).read_mp("DSCP", dscp).complete() < 0) return -1;
    if (dscp > 63) return errh->error("diffserv code point out of range");
    _dscp = (uint8_t) dscp;
    return 0;
}

void SetIPDSCP::add_handlers() {
    add_data_handlers("dscp", Handler::f_read, &_dscp);
    add_write_handler("dscp", reconfigure_keyword_handler, "0 DSCP");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetIPDSCP)
