#ifndef CLICK_GTPBREAKOUT_HH
#define CLICK_GTPBREAKOUT_HH
#include <click/batchelement.hh>
#include "elements/gtp/gtptable.hh"
CLICK_DECLS

/*
=c
GTPBreakout(TABLE [, DSCP keep|outer])
=s gtp
keeps each flow from a UE on one side: broken out, or to the core
=d
Expects packets from GTPDecap (uplink): on input 0 those that the rules select, on input 1, if connected, all others.
Output 0 is the breakout, output 1 the core.

A flow is decided when it is new and stays where it is. It is broken out if a rule selects it and the bearer's downlink
tunnel is known, for without it no reply could return. A TCP flow is new only with its SYN; a selected packet of
an unknown TCP flow without SYN goes to the core, so that a connection that was there before is never torn. Other
protocols are decided by their first packet. Input 1 matters when rules change, and for inner fragments, which have no
ports: a packet of a broken-out flow follows its flow even if the rules no longer select it.

The paint annotation of a packet on input 0 is its tenant, as GTPRules gives it; a flow keeps the one of its first packet, and packets on
output 0 are painted with their flow's, for a PaintSwitch.

Packets on output 0 are cut to their IP length, and forget their outer header. Of that one, congestion that was met in the tunnel is
carried over (RFC 6040 §4.2), and with C<DSCP outer> the DSCP.
=h breakout read-only
=h core read-only
=h reset_counts write-only
=a GTPTable, GTPDecap, GTPRestore, GTPEncap
*/
class GTPBreakout : public BatchElement { public:
    const char *class_name() const override { return "GTPBreakout"; }
    const char *port_count() const override { return "1-2/2"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    void push(int, Packet *) override;
    void push_batch(int, PacketBatch *) override;
    /** Packets that went elsewhere (GTPFastPath) as they would have gone here count, too. */
    void credit(bool broken_out, uint64_t packets) { _counts[!broken_out] += packets; }

  private:
    bool plainly_core(int port, const Packet *) const;
    int way(int port, Packet *, const GTPInner &, const GTPSought *flow);
    uint8_t tos_outside(const Packet *) const;
    uint8_t leave(Packet *);
    void mark(Packet *, uint8_t tos);
    GTPTable *_table = nullptr;
    bool _outer_dscp = false;
    uint64_t _counts[2] = {};
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
