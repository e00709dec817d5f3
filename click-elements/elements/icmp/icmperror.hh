#ifndef CLICK_ICMPERROR_HH
#define CLICK_ICMPERROR_HH
#include <click/batchelement.hh>
#include <clicknet/ip.h>
CLICK_DECLS

/*
=c
ICMPError(SRC, TYPE [, CODE, BADADDRS, MTU, PMTU, USE_FIX_ANNO])
=s icmp
makes ICMP error packets of the packets they are about
=d
The error comes from SRC, goes to the packet's source, which the destination annotation becomes, and quotes the packet as far as MTU (576) bytes allow.
TYPE is a number or C<unreachable>, C<sourcequench>, C<redirect>, C<timeexceeded> or C<parameterproblem>; CODE (0) a number or, by type, C<net>, C<host>,
C<protocol>, C<port>, C<needfrag> ...; C<net>, C<host>; C<transit>, C<reassembly>; C<erroratptr>, C<missingopt>, C<length>. A redirect names the
destination annotation as gateway, parameterproblem/erroratptr takes the pointer that IPGWOptions left, and unreachable/needfrag says PMTU. With
USE_FIX_ANNO true, the default, FixIPSrc will set the source. A source route is answered with one that leads back.

Nothing is made (RFC 1812 §4.3.2.7) of ICMP errors and ICMP too short to tell, later fragments, packets that came by link-level broadcast or
multicast, and those from or to addresses that stand for no single host (among them BADADDRS, a list); such packets are dropped.
=h src, mtu, pmtu read/write
=a FixIPSrc, IPGWOptions, DecIPTTL
*/
class ICMPError : public SimpleElement<ICMPError> { public:
    const char *class_name() const override { return "ICMPError"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    IPAddress _src;
    int _type = 0, _code = 0;
    uint32_t _mtu = 576, _pmtu = 0;
    bool _use_fix = true;
    uint16_t _id = 1;
    Vector<IPAddress> _bad;
    bool suppressed(const Packet *, const click_ip *) const;
};

CLICK_ENDDECLS
#endif
