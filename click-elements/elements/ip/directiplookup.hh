#ifndef CLICK_DIRECTIPLOOKUP_HH
#define CLICK_DIRECTIPLOOKUP_HH
#include "elements/ip/iproutetable.hh"
CLICK_DECLS

/*
=c
DirectIPLookup(ADDR1/MASK1 [GW1] OUT1, ADDR2/MASK2 [GW2] OUT2, ...)
=s iproute
IP routing table: one entry for each /24
=d
Takes the destination annotation, which CheckIPHeader and GetIPAddress set, sets it to the gateway of the route with the
longest prefix that holds it, if that route has one, and sends the packet to the route's output. Without a route it is dropped.

A lookup costs one load, or two where routes are longer than /24; 64 MiB of address space, used as routes come (a default
route takes all of it).
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
=a RadixIPLookup
*/
class DirectIPLookup : public IPRouteTable { public:
    DirectIPLookup();
    const char *class_name() const override { return "DirectIPLookup"; }
};

CLICK_ENDDECLS
#endif
