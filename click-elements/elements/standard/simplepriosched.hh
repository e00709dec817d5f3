#ifndef CLICK_SIMPLEPRIOSCHED_HH
#define CLICK_SIMPLEPRIOSCHED_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SimplePrioSched
=s scheduling
PrioSched that tries all its inputs, also those known to be empty
=a PrioSched
*/
class SimplePrioSched : public BatchElement { public:
    const char *class_name() const override { return "SimplePrioSched"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    const char *flags() const override { return "S0"; }
    Packet *pull(int) override;
    PacketBatch *pull_batch(int, unsigned max) override;
};

CLICK_ENDDECLS
#endif
