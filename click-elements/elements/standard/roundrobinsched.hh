#ifndef CLICK_ROUNDROBINSCHED_HH
#define CLICK_ROUNDROBINSCHED_HH
#include <click/batchelement.hh>
#include <click/notifier.hh>
CLICK_DECLS

/*
=c
RoundRobinSched
=s scheduling
pulls from its inputs in turn
=d
Each pull begins with the input after the one that gave the last packet and tries them until one gives a packet. Inputs known to be empty are
not tried. Where a batch is pulled, each input is asked once for its share, and the packets come in the order that single pulls would give.
=a PrioSched, StrideSched, DRRSched, RoundRobinSwitch, SimpleRoundRobinSched
*/
class RoundRobinSched : public BatchElement { public:
    const char *class_name() const override { return "RoundRobinSched"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    const char *flags() const override { return "S0"; }
    int initialize(ErrorHandler *) override;
    Packet *pull(int) override;
    PacketBatch *pull_batch(int, unsigned max) override;

  private:
    Vector<NotifierSignal> _signals;
    Vector<Packet *> _given;        // what is left of each input's share
    int _next = 0;

    int after(int i) const { return i + 1 == ninputs() ? 0 : i + 1; }
    bool pull_round(BatchBuilder &, unsigned wanted);
};

CLICK_ENDDECLS
#endif
