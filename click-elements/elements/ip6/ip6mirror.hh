#ifndef CLICK_IP6MIRROR_HH
#define CLICK_IP6MIRROR_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
IP6Mirror
=s ip6
swaps source and destination of IPv6 packets
=d
And the ports of TCP and UDP, but in fragments other than the first. No checksum changes by that.
*/
class IP6Mirror : public SimpleElement<IP6Mirror> { public:
    const char *class_name() const override { return "IP6Mirror"; }
    const char *port_count() const override { return PORTS_1_1; }
    Packet *simple_action(Packet *) override;
};

CLICK_ENDDECLS
#endif
