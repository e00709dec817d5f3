#ifndef CLICK_DRRSCHED_HH
#define CLICK_DRRSCHED_HH
#include <click/args.hh>
#include <click/element.hh>
#include <click/notifier.hh>
CLICK_DECLS

/*
=c
DRRSched([QUANTUM])
=s scheduling
pulls from its inputs by deficit round robin
=d
Each input may send QUANTUM (500) bytes a round and keeps what it does not use while it has packets (Shreedhar and Varghese, SIGCOMM 1995).
Inputs known to be empty are not tried.
=a PrioSched, RoundRobinSched, StrideSched
*/
class DRRSched : public Element { public:
    const char *class_name() const override { return "DRRSched"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    const char *flags() const override { return "S0"; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_p("QUANTUM", BoundedIntArg(1, 1 << 24), _quantum).complete(); }
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    Packet *pull(int) override;

  private:
    struct Input { Packet *head = nullptr; unsigned deficit = 0; NotifierSignal signal; };
    Vector<Input> _inputs;
    unsigned _quantum = 500;
    int _next = 0;
};

CLICK_ENDDECLS
#endif
