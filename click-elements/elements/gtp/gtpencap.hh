#ifndef CLICK_GTPENCAP_HH
#define CLICK_GTPENCAP_HH
#include <click/batchelement.hh>
#include "elements/gtp/gtptable.hh"
CLICK_DECLS

/*
=c
GTPEncap(TABLE [, DF, TTL, DSCP, SEQUENCE, MTU])
=s gtp
puts packets for UEs into their tunnel
=d
Expects IPv4 or IPv6 packets with the network header set. Output 0: an Ethernet frame as the core would have sent it: the
Ethernet addresses (and VLAN tag) of the path's downlink, IPv4 or IPv6 as the path is, from the core's to the eNB's address, and a GTP-U
header (TS 29.281 §5.1) with the downlink TEID. The tunnel is that of the flow's bearer where the flow is known, else that of the UE's
bearer last used.

The outer header has an ID of its own, TTL (64), and over IPv4 the Don't Fragment bit per DF (false). C<DSCP inner>, the default, copies the
inner packet's DSCP, a number from 0 to 63 is one for all; ECN is copied always (RFC 6040 §4.1, normal mode). UDP is from 2152 to 2152, over
IPv4 with checksum 0, as TS 29.281 §4.4.2 and RFC 768 allow, over IPv6 with a checksum (RFC 8200 §8.1).

A UE that sends PDU session containers (N3), or gets them, has one in its replies: DL PDU SESSION INFORMATION (TS 38.415 §5.5.2.1) with the QFI
of the flow's uplink,
or of the UE's last packet where the flow is not known. C<SEQUENCE own> numbers the packets in a bearer whose downlink is numbered; C<none>, the default, sends them
without number (a receiver has to take both, TS 29.281 §5.1).

A packet for an unknown UE, or one too long for a tunnel, leaves on output 1 unchanged, if there is one. With MTU, a packet that
would make an outer IP packet of more than MTU bytes leaves on output 2 (or 1), unchanged.
=h count read-only
=h unknown read-only
=h too_long read-only
=h reset_counts write-only
=a GTPTable, GTPDecap, GTPBreakout
*/
class GTPEncap : public SimpleElement<GTPEncap> { public:
    const char *class_name() const override { return "GTPEncap"; }
    const char *port_count() const override { return "1/1-3"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *);
    PacketBatch *simple_action_batch(PacketBatch *) override;

    const GTPTable *table() const { return _table; }
    /** Packets that were put into their tunnel elsewhere (GTPFastPath) count as if it had been here. */
    void credit(uint64_t packets) { _count += packets; }

  private:
    GTPTable *_table = nullptr;
    bool _df = false, _own_sequence = false;
    int _ttl = 64, _dscp = -1;
    uint32_t _mtu = 65535;
    uint16_t _id = 0;
    uint64_t _count = 0, _unknown = 0, _too_long = 0;
    static bool inner_of(Packet *, GTPInner &);
    Packet *wrap(Packet *, const GTPWayBack &);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
