#ifndef CLICK_GTPENCAP_HH
#define CLICK_GTPENCAP_HH
#include <click/batchelement.hh>
#include "elements/gtp/gtptable.hh"
CLICK_DECLS

/*
=c
GTPEncap(TABLE [, DF, TTL])
=s gtp
puts packets for UEs into their tunnel
=d
Expects IPv4 packets with the network header set. Output 0: an Ethernet frame as the core would have sent it: the
Ethernet addresses (and VLAN tag) of the downlink leg, IPv4 from the core's to the eNB's address with DSCP 0, an ID of
its own, TTL (64) and the Don't Fragment bit per DF (false), UDP 2152 to 2152 with checksum 0, as TS 29.281 §4.4.2
and RFC 768 allow, and a GTP-U header of 8 bytes, flags 0x30, with the downlink TEID. The tunnel is that of the
flow's bearer where the flow is known, else that of the UE's bearer last used.

A packet for an unknown UE, or one too long for a tunnel, leaves on output 1 unchanged, if there is one.
=h count read-only
=h unknown read-only
=h reset_counts write-only
=a GTPTable, GTPDecap, GTPBreakout
*/
class GTPEncap : public SimpleElement<GTPEncap> { public:
    const char *class_name() const override { return "GTPEncap"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *);

  private:
    GTPTable *_table = nullptr;
    bool _df = false;
    int _ttl = 64;
    uint16_t _id = 0;
    uint64_t _count = 0, _unknown = 0;
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
