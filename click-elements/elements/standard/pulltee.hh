#ifndef CLICK_PULLTEE_HH
#define CLICK_PULLTEE_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
PullTee([N])
=s basictransfer
duplicates packets that are pulled
=d
What is pulled through output 0 is also pushed, as copies, on the others. N, if given, must be the number of outputs.
=a Tee
*/
class PullTee : public BatchElement { public:
    const char *class_name() const override { return "PullTee"; }
    const char *port_count() const override { return "1/1-"; }
    const char *processing() const override { return "l/lh"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *pull(int) override;
    PacketBatch *pull_batch(int, unsigned max) override;
};

CLICK_ENDDECLS
#endif
