#ifndef CLICK_GTPDECAP_HH
#define CLICK_GTPDECAP_HH
#include <click/batchelement.hh>
#include <click/packet_anno.hh>
#include "elements/gtp/gtptable.hh"
CLICK_DECLS

/** How much GTPDecap took off: two bytes of the annotations (upstream: a part of the cycle counter's). */
#define GTP_STRIPPED_ANNO_OFFSET 44

/*
=c
GTPDecap(TABLE, DIRECTION UPLINK|DOWNLINK [, MALFORMED pass|drop])
=s gtp
takes G-PDUs out of their tunnel, and learns from them
=d
Expects Ethernet frames. A well-formed G-PDU (TS 29.281 §5.1: version 1, PT 1, type 255, to UDP port 2152) with an
IPv4 packet inside leaves on output 0: the outer headers are stripped, the network header is set to the inner one, the
destination annotation to its destination, the aggregate annotation to the TEID, and TABLE (a GTPTable) learns the
tunnel. Only the data pointer moves; the outer bytes stay where they are, so that GTPRestore can undo it. Any mix of
the E, S and PN flags is understood, as are chains of extension headers, IPv4 options and one or two VLAN tags.

All else leaves on output 1 unchanged: ARP, what is not GTP-U, echo requests and responses, error indications, end
markers, GTP-C, outer fragments, outer IPv6, inner IPv6. So does malformed GTP-U, counted by reason: a
transparent function must not eat what it does not understand, the endpoint decides. C<MALFORMED drop> drops it instead.
A GTP or UDP length that does not agree with its container is malformed, shorter ones too.

=h count read-only
G-PDUs.
=h malformed read-only
Malformed ones.
=h counts read-only
One line a reason: name, tab, count.
=h reset_counts write-only
=a GTPTable, GTPRestore, GTPBreakout, GTPEncap
*/
class GTPDecap : public ClassifyElement<GTPDecap> { public:
    const char *class_name() const override { return "GTPDecap"; }
    const char *port_count() const override { return "1/2"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    int classify(Packet *);

  private:
    GTPTable *_table = nullptr;
    GTPTable::Direction _direction = GTPTable::uplink;
    bool _drop_malformed = false;
    uint64_t _counts[GTP_NVERDICTS] = {};
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
