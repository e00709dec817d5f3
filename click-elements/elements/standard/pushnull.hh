#ifndef CLICK_PUSHNULL_HH
#define CLICK_PUSHNULL_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
PushNull
=s basictransfer
passes packets unchanged, and makes both sides push
=a Null
*/
class PushNull : public BatchElement { public:
    const char *class_name() const override { return "PushNull"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PUSH; }
    PacketBatch *simple_action_batch(PacketBatch *b) override { return b; }
};

CLICK_ENDDECLS
#endif
