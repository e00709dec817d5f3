#ifndef CLICK_SETIPCHECKSUM_HH
#define CLICK_SETIPCHECKSUM_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetIPChecksum
=s ip
sets IP header checksums
=d
Expects the network header to be set. A packet whose header is not whole is dropped.
=a CheckIPHeader
*/
class SetIPChecksum : public SimpleElement<SetIPChecksum> { public:
    const char *class_name() const override { return "SetIPChecksum"; }
    const char *port_count() const override { return PORTS_1_1; }
    Packet *simple_action(Packet *) override;
};

CLICK_ENDDECLS
#endif
