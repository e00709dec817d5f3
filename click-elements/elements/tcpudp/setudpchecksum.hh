#ifndef CLICK_SETUDPCHECKSUM_HH
#define CLICK_SETUDPCHECKSUM_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetUDPChecksum
=s udp
sets UDP checksums
=d
Expects the network header to be set; the protocol is not looked at. Fragments, and packets shorter than their UDP length, leave
on output 1, or are dropped.
=a CheckUDPHeader, SetIPChecksum, SetTCPChecksum
*/
class SetUDPChecksum : public SimpleElement<SetUDPChecksum> { public:
    const char *class_name() const override { return "SetUDPChecksum"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    Packet *simple_action(Packet *) override;
};

CLICK_ENDDECLS
#endif
