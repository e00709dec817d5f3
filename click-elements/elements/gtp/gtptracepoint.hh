#ifndef CLICK_GTPTRACEPOINT_HH
#define CLICK_GTPTRACEPOINT_HH
#include <click/batchelement.hh>
#include "elements/gtp/gtptable.hh"
CLICK_DECLS

/*
=c
GTPTracePoint(TABLE, TEXT)
=s gtp
says that a traced packet came by here
=d
Passes packets on. Of one that TABLE (a GTPTable) traces, TEXT becomes a line of its life: put it where a packet's way divides outside of the GTP elements.

=e
    short [1] -> GTPTracePoint(sessions, "too long: cut into fragments") -> IPFragmenter(1500) -> ...
=a GTPTable, Print
*/
class GTPTracePoint : public SimpleElement<GTPTracePoint> { public:
    const char *class_name() const override { return "GTPTracePoint"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *simple_action(Packet *);

  private:
    GTPTable *_table = nullptr;
    String _text;
};

CLICK_ENDDECLS
#endif
