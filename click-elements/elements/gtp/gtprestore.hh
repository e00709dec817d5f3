#ifndef CLICK_GTPRESTORE_HH
#define CLICK_GTPRESTORE_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
GTPRestore
=s gtp
puts back the tunnel headers that GTPDecap stripped
=d
The frame is what it was, byte for byte, as long as nothing in between wrote to the packet. A packet that
GTPDecap has not seen passes unchanged.
=h count read-only
=a GTPDecap
*/
class GTPRestore : public SimpleElement<GTPRestore> { public:
    const char *class_name() const override { return "GTPRestore"; }
    const char *port_count() const override { return PORTS_1_1; }
    void add_handlers() override { add_data_handlers("count", Handler::f_read, &_count); }
    Packet *simple_action(Packet *) override;
    /** Packets that passed elsewhere (GTPFastPath) count as if it had been here. */
    void credit(uint64_t packets) { _count += packets; }

  private:
    uint64_t _count = 0;
};

CLICK_ENDDECLS
#endif
