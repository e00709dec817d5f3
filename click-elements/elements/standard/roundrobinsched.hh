#ifndef CLICK_ROUNDROBINSCHED_HH
#define CLICK_ROUNDROBINSCHED_HH
#include <click/element.hh>
#include <click/notifier.hh>
CLICK_DECLS

/*
=c
RoundRobinSched
=s scheduling
pulls from its inputs in turn
=d
Each pull begins with the input after the one that gave the last packet and tries them until one gives a packet. Inputs known to be empty are
not tried.
=a PrioSched, StrideSched, DRRSched, RoundRobinSwitch, SimpleRoundRobinSched
*/
class RoundRobinSched : public Element { public:
    const char *class_name() const override { return "RoundRobinSched"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    const char *flags() const override { return "S0"; }
    int initialize(ErrorHandler *) override;
    Packet *pull(int) override;

  private:
    Vector<NotifierSignal> _signals;
    int _next = 0;
};

CLICK_ENDDECLS
#endif
