#ifndef CLICK_GTPBEARERPRINT_HH
#define CLICK_GTPBEARERPRINT_HH
#include <click/element.hh>
#include <click/straccum.hh>
#include "elements/gtp/gtpevent.hh"
CLICK_DECLS

/*
=c
GTPBearerPrint([LABEL, ACTIVE, KEEP])
=s gtp
prints what becomes of GTP-U bearers
=d
An information element without ports, to be named as the TABLE of GTPControlLearn. It prints each event in a line to standard error:

    LABEL: setup gtpv2-c ebi 5 uplink 10.9.0.2/0x11 downlink 10.9.0.1/0x22 ue 172.16.0.1 2001:db8::/64

Kinds are C<setup>, C<modify> (another downlink end), C<suspend> (no downlink end for now) and C<release>. The uplink end, where the RAN sends to, names
the bearer; C<-> stands for an end or a UE's address that is not known. Without ACTIVE (true) it prints nothing, but goes on counting and keeping. LABEL
(the element's name) may be empty: then there is no colon either.

The last KEEP (64, at most 4096) events can be read.
=h events read-only
The last events, without the label, oldest first.
=h count read-only
Events so far.
=h active read/write
=h clear write-only
Forget the events and their count.
=a GTPControlLearn, GTPTable
*/
class GTPBearerPrint : public Element, public GTPBearerSink { public:
    const char *class_name() const override { return "GTPBearerPrint"; }
    int configure_phase() const override { return CONFIGURE_PHASE_INFO; }
    void *cast(const char *name) override { return strcmp(name, "GTPBearerSink") == 0 ? static_cast<GTPBearerSink *>(this) : Element::cast(name); }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    void bearer_event(const GTPBearerEvent &) override;

    static const char *kind_name(GTPBearerEvent::Kind);
    /** The event as it is printed, without a label. */
    static void unparse(StringAccum &, const GTPBearerEvent &);

  private:
    String _label;
    bool _active = true;
    uint32_t _keep = 64;
    uint64_t _count = 0;
    Vector<GTPBearerEvent> _events;     // a ring: event N is at N modulo KEEP
    static String read(Element *, void *);
    static int clear(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
