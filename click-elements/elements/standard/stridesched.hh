#ifndef CLICK_STRIDESCHED_HH
#define CLICK_STRIDESCHED_HH
#include <click/element.hh>
#include <click/notifier.hh>
#include "elements/standard/stride.hh"
CLICK_DECLS

/*
=c
StrideSched(TICKETS0, TICKETS1, ...)
=s scheduling
pulls from its inputs in proportion to their tickets
=d
Each input gets turns in proportion to its tickets (0: none), by stride scheduling. An input that gives nothing passes its turn on.
Inputs known to be empty are not tried.
=h tickets0, tickets1, ... read/write
=a PrioSched, RoundRobinSched, DRRSched, StrideSwitch
*/
class StrideSched : public Element { public:
    const char *class_name() const override { return "StrideSched"; }
    const char *port_count() const override { return "1-/1"; }
    const char *processing() const override { return PULL; }
    const char *flags() const override { return "S0"; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return _table.configure(conf, this, false, errh); }
    int initialize(ErrorHandler *) override;
    void add_handlers() override { _table.add_handlers(this, table); }
    Packet *pull(int) override;

  private:
    StrideTable _table;
    Vector<NotifierSignal> _signals;
    Vector<char> _tried;
    static StrideTable *table(Element *e) { return &static_cast<StrideSched *>(e)->_table; }
};

CLICK_ENDDECLS
#endif
