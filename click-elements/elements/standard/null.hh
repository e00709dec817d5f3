#ifndef CLICK_NULL_HH
#define CLICK_NULL_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Null
=s basicmod
passes packets unchanged
=a Idle, Discard
*/
class Null : public BatchElement { public:
    const char *class_name() const override { return "Null"; }
    const char *port_count() const override { return PORTS_1_1; }
    PacketBatch *simple_action_batch(PacketBatch *b) override { return b; }
};

CLICK_ENDDECLS
#endif
