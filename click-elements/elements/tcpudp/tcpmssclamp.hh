#ifndef LCLICK_TCPMSSCLAMP_HH
#define LCLICK_TCPMSSCLAMP_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
TCPMSSClamp([MTU, MSS n, ADD])
=s tcp
lowers the maximum segment size that TCP connections agree upon
=d
Expects the network header of IPv4 or IPv6 packets to be set; what is no TCP SYN passes as it is. In a SYN, or SYN with ACK, a maximum segment size
option (RFC 9293 §3.2) above the limit is lowered to it, and the checksum changed accordingly (RFC 1624), so that a wrong one stays wrong. It is never raised.
For a path on which a tunnel's headers leave less room than the ends of the connection know of.

The limit is MSS, or what MTU, the longest IP packet, has room for: MTU less 40 with IPv4, less 60 with IPv6 (RFC 6691: without options). One of both is
to be given.

A SYN without the option stands for 536 bytes with IPv4, 1220 with IPv6. With ADD true, false by default, it gets one that says that, or the
limit if that is lower, unless its TCP header is full or the packet a fragment. Options that are not well-formed end the search: what is behind them is no option.
=h count read-only
SYNs seen.
=h clamped read-only
Those whose option was lowered.
=h added read-only
Those that got one.
=e
Before a tunnel of GTP-U over IPv4, on a link with an MTU of 1500:

  ... -> TCPMSSClamp(1464) -> GTPEncap(...) -> ...
=a IPFragmenter, ICMPError, ICMP6Error
*/
class TCPMSSClamp : public SimpleElement<TCPMSSClamp> { public:
    const char *class_name() const override { return "TCPMSSClamp"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    uint16_t _limit[2] = {0, 0};        // IPv4, IPv6
    bool _add = false;
    uint64_t _count = 0, _clamped = 0, _added = 0;
    Packet *add(Packet *, uint32_t tcp, bool v6);
};

CLICK_ENDDECLS
#endif
