#ifndef CLICK_ICMP6ERROR_HH
#define CLICK_ICMP6ERROR_HH
#include <click/batchelement.hh>
#include <click/ip6address.hh>
CLICK_DECLS

/*
=c
ICMP6Error(SRC, TYPE, CODE [, MTU])
=s ip6
answers IPv6 packets with ICMPv6 errors
=d
Turns each packet into an ICMPv6 message (RFC 4443) from SRC to the packet's source, with as much of the packet as fits in 1280 bytes. TYPE is 1
(unreachable), 2 (too big; MTU, 1500, is what it says), 3 (time exceeded), 4 (parameter problem) or 137 (redirect, to the destination annotation). The
network header and destination annotations are set, and the one that asks for the source to be made that of the output.

No error is sent for ICMPv6 errors and redirects, for fragments but the first, for packets to a multicast address (but types 2 and, with code 2, 4), nor
to an unspecified, loopback or multicast source. Such packets are dropped.
=a DecIP6HLIM, LookupIP6Route
*/
class ICMP6Error : public SimpleElement<ICMP6Error> { public:
    const char *class_name() const override { return "ICMP6Error"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *simple_action(Packet *) override;

  private:
    IP6Address _src;
    uint8_t _type = 0, _code = 0;
    uint32_t _mtu = 1500;
    enum { redirect = 137, most = 1280 };
    bool deserves(const Packet *) const;
};

CLICK_ENDDECLS
#endif
