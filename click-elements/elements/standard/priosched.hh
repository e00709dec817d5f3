#ifndef CLICK_PRIOSCHED_HH
#define CLICK_PRIOSCHED_HH
#include <click/batchelement.hh>
#include <click/notifier.hh>
CLICK_DECLS

/*
=c
PrioSched
=s scheduling
pulls from the first input that has a packet
=d
Input 0 has strict priority over input 1, and so on. Inputs known to be empty are not tried.
=a RoundRobinSched, StrideSched, DRRSched, SimplePrioSched
*/
class PrioSched : public BatchElement { public:
    const char *class_name() const override { return "PrioSched"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    const char *flags() const override { return "S0"; }
    int initialize(ErrorHandler *) override;
    Packet *pull(int) override;
    PacketBatch *pull_batch(int, unsigned max) override;

  private:
    Vector<NotifierSignal> _signals;
};

CLICK_ENDDECLS
#endif
