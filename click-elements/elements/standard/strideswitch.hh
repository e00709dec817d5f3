#ifndef CLICK_STRIDESWITCH_HH
#define CLICK_STRIDESWITCH_HH
#include <click/batchelement.hh>
#include "elements/standard/stride.hh"
CLICK_DECLS

/*
=c
StrideSwitch(TICKETS0, TICKETS1, ...)
=s classification
sends packets to its outputs in proportion to their tickets
=d
Each output gets packets in proportion to its tickets (0: none), by stride scheduling.
=h tickets0, tickets1, ... read/write
=a RoundRobinSwitch, RandomSwitch, HashSwitch, Switch, StrideSched
*/
class StrideSwitch : public ClassifyElement<StrideSwitch> { public:
    const char *class_name() const override { return "StrideSwitch"; }
    const char *port_count() const override { return "1/1-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return _table.configure(conf, this, true, errh); }
    void add_handlers() override { _table.add_handlers(this, table); }
    int classify(Packet *) {
        int o = _table.next();
        if (o >= 0) _table.took_turn(o);
        return o;
    }

  private:
    StrideTable _table;
    static StrideTable *table(Element *e) { return &static_cast<StrideSwitch *>(e)->_table; }
};

CLICK_ENDDECLS
#endif
