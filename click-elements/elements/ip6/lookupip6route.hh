#ifndef CLICK_LOOKUPIP6ROUTE_HH
#define CLICK_LOOKUPIP6ROUTE_HH
#include <click/batchelement.hh>
#include "ip6routetable.hh"
CLICK_DECLS

/*
=c
LookupIP6Route(ADDR/MASK [GATEWAY] OUTPUT, ...)
=s ip6
routes IPv6 packets
=d
The longest prefix that has the packet's destination annotation says on which output it leaves; if the route has a GATEWAY other than C<::>, the
annotation becomes that. Packets without route are dropped. MASK is a prefix length or an address.
=h table read-only
=h add write-only
C<ADDR/MASK [GATEWAY] OUTPUT>; takes the place of a route with the same prefix.
=h remove write-only
C<ADDR/MASK>.
=h ctrl write-only
C<add ...> or C<remove ...>, as above.
=h drops read-only
Packets without route.
=a GetIP6Address, IP6NDSolicitor
*/
class LookupIP6Route : public IP6RouteTable { public:
    const char *class_name() const override { return "LookupIP6Route"; }
    const char *port_count() const override { return "1/-"; }
    const char *processing() const override { return PUSH; }
    void add_handlers() override;
    void push(int port, Packet *) override;
    void push_batch(int port, PacketBatch *) override;

  private:
    uint64_t _drops = 0;
};

CLICK_ENDDECLS
#endif
