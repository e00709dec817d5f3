#ifndef CLICK_RANDOMSWITCH_HH
#define CLICK_RANDOMSWITCH_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
RandomSwitch
=s classification
sends each packet to an output chosen at random
=a RoundRobinSwitch, StrideSwitch, HashSwitch, Switch, RandomSample
*/
class RandomSwitch : public ClassifyElement<RandomSwitch> { public:
    const char *class_name() const override { return "RandomSwitch"; }
    const char *port_count() const override { return "1/1-"; }
    const char *processing() const override { return PUSH; }
    int classify(Packet *) { return (int) click_random(0, noutputs() - 1); }
};

CLICK_ENDDECLS
#endif
