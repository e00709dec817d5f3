#ifndef CLICK_STATICIPLOOKUP_HH
#define CLICK_STATICIPLOOKUP_HH
#include "elements/ip/iproutetable.hh"
CLICK_DECLS

/*
=c
StaticIPLookup(ADDR1/MASK1 [GW1] OUT1, ADDR2/MASK2 [GW2] OUT2, ...)
=s iproute
IP routing table: a list that stays as it is
=d
Takes the destination annotation, which CheckIPHeader and GetIPAddress set, sets it to the gateway of the route with the
longest prefix that holds it, if that route has one, and sends the packet to the route's output. Without a route it is dropped.

LinearIPLookup without the handlers that change routes. Old configurations call it LookupIPRoute.
=h table read-only
=h lookup read-only, with an address
=a LinearIPLookup, RadixIPLookup
*/
class StaticIPLookup : public IPRouteTable { public:
    StaticIPLookup() : IPRouteTable(nullptr, false) {}
    const char *class_name() const override { return "StaticIPLookup"; }
};

CLICK_ENDDECLS
#endif
