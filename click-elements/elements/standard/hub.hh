#ifndef CLICK_HUB_HH
#define CLICK_HUB_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Hub
=s basictransfer
sends packets to all outputs but that of their own input's number
=a Tee
*/
class Hub : public BatchElement { public:
    const char *class_name() const override { return "Hub"; }
    const char *port_count() const override { return "-/="; }
    const char *processing() const override { return PUSH; }
    const char *flow_code() const override { return "#/[^#]"; }
    void push(int, Packet *) override;
    void push_batch(int, PacketBatch *) override;
};

CLICK_ENDDECLS
#endif
