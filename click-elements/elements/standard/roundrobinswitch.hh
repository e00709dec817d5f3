#ifndef CLICK_ROUNDROBINSWITCH_HH
#define CLICK_ROUNDROBINSWITCH_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
RoundRobinSwitch
=s classification
sends packets to its outputs in turn
=a StrideSwitch, RandomSwitch, HashSwitch, Switch, RoundRobinSched
*/
class RoundRobinSwitch : public ClassifyElement<RoundRobinSwitch> { public:
    const char *class_name() const override { return "RoundRobinSwitch"; }
    const char *port_count() const override { return "1/1-"; }
    const char *processing() const override { return PUSH; }
    int classify(Packet *) {
        int o = _next;
        _next = o + 1 == noutputs() ? 0 : o + 1;
        return o;
    }

  private:
    int _next = 0;
};

CLICK_ENDDECLS
#endif
