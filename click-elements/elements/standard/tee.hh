#ifndef CLICK_TEE_HH
#define CLICK_TEE_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Tee([N])
=s basictransfer
duplicates packets
=d
Sends a copy of each packet to every output. N, if given, must be the number of outputs.
=a Switch
*/
class Tee : public BatchElement { public:
    const char *class_name() const override { return "Tee"; }
    const char *port_count() const override { return "1/1-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void push(int, Packet *) override;
    void push_batch(int, PacketBatch *) override;
};

CLICK_ENDDECLS
#endif
