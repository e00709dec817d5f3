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
};

CLICK_ENDDECLS
#endif
