#ifndef CLICK_PULLNULL_HH
#define CLICK_PULLNULL_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
PullNull
=s basictransfer
passes packets unchanged, and makes both sides pull
=a Null
*/
class PullNull : public BatchElement { public:
    const char *class_name() const override { return "PullNull"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL; }
    PacketBatch *simple_action_batch(PacketBatch *b) override { return b; }
};

CLICK_ENDDECLS
#endif
