#ifndef CLICK_SETTRANSPORTCHECKSUMIP6_HH
#define CLICK_SETTRANSPORTCHECKSUMIP6_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetTransportChecksumIP6
=s ip6
sets the checksum of TCP, UDP and ICMPv6
=d
In IPv6 packets with the network header annotation set, behind extension headers if need be. Fragments, other protocols and what is too short
pass as they are. Also called SetTCPChecksumIP6, SetUDPChecksumIP6 and SetICMPChecksumIP6.
=a CheckIP6Header
*/
class SetTransportChecksumIP6 : public SimpleElement<SetTransportChecksumIP6> { public:
    const char *class_name() const override { return "SetTransportChecksumIP6"; }
    const char *port_count() const override { return PORTS_1_1; }
    Packet *simple_action(Packet *) override;
};

CLICK_ENDDECLS
#endif
