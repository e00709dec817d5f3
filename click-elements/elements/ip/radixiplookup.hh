#ifndef CLICK_RADIXIPLOOKUP_HH
#define CLICK_RADIXIPLOOKUP_HH
#include "elements/ip/iproutetable.hh"
CLICK_DECLS

/*
=c
RadixIPLookup(ADDR1/MASK1 [GW1] OUT1, ADDR2/MASK2 [GW2] OUT2, ...)
=s iproute
IP routing table: a trie of small nodes
=d
Takes the destination annotation, which CheckIPHeader and GetIPAddress set, sets it to the gateway of the route with the
longest prefix that holds it, if that route has one, and sends the packet to the route's output. Without a route it is dropped.

A lookup costs two to six loads (levels of 8, 8, 4, 4, 4 and 4 bits), whatever the number of routes.
=h table read-only
The routes, one a line.
=h lookup read-only, with an address
Its output and gateway; -1 if there is no route.
=h add, set write-only
A route. C<add> fails if its prefix has one.
=h remove write-only
C<ADDR/MASK>, or a route as it was added.
=h ctrl write-only
C<add>, C<set> and C<remove> commands, one a line; if one fails, none is done.
=h flush write-only
Removes all routes.
=a DirectIPLookup, LinearIPLookup, StaticIPLookup, GetIPAddress
*/
class RadixIPLookup : public IPRouteTable { public:
    RadixIPLookup();
    const char *class_name() const override { return "RadixIPLookup"; }
};

CLICK_ENDDECLS
#endif
