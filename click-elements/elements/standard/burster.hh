#ifndef CLICK_BURSTER_HH
#define CLICK_BURSTER_HH
#include "elements/standard/timedunqueue.hh"
CLICK_DECLS

/*
=c
Burster(INTERVAL [, BURST])
=s shaping
TimedUnqueue with a BURST of 8
=a TimedUnqueue
*/
class Burster : public TimedUnqueue { public:
    Burster() : TimedUnqueue(8) {}
    const char *class_name() const override { return "Burster"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL_TO_PUSH; }
};

CLICK_ENDDECLS
#endif
