#ifndef CLICK_IPFILTER_HH
#define CLICK_IPFILTER_HH
#include <click/batchelement.hh>
#include "elements/ip/ipfilterprogram.hh"
CLICK_DECLS

/*
=c
IPFilter(ACTION PATTERN, ...)
=s ip
lets IP packets pass by rules
=d
The first rule whose pattern matches decides: C<allow> (output 0), C<deny> or C<drop>, or an output's number. What
nothing matches is dropped. Expects the network header to be set.

Patterns: C<[src|dst|src or dst|src and dst] host ADDR>, C<... net ADDR/LEN> (or C<net ADDR mask MASK>), C<[tcp|udp]
[src|dst] port N>, C<ip proto N>, C<tcp>, C<udp>, C<icmp>, C<icmp type N>, C<tcp opt syn|ack|fin|rst|psh|urg>, C<tcp win N>,
C<ip vers|hl|tos|dscp|ecn|len|id|ttl N>, C<ip frag>, C<ip unfrag>, C<ip ect>, C<ip ce>, C<true> (C<all>, C<any>, C<->), C<false> (C<none>);
C<ip[POS:LEN] N>, C<transp[POS:LEN] N> and C<tcp[POS:LEN] N> (or another protocol) are of LEN (1) bytes of the IP or transport header that stand
in one of its words of four bytes; C<[src|dst] ether host ADDR> is of the Ethernet header, if it is known.
Numbers may be ranges (C<1024-65535>) or follow C<==>, C<!=>, C<< < >>, C<< > >>, C<< <= >>, C<< >= >>. C<& MASK> before that, or before the address of a
host, leaves the bits of MASK to compare: C<src port & 7 == 0>. Without
direction, either will do. They combine with C<and> (C<&&>, or nothing), C<or> (C<||>), C<not> (C<!>), C<a ? b : c> with spaces around the colon, and
parentheses; a bare
value takes the qualifiers of the one before: C<dst port 80 or 443>, and a name alone
says what it is of: C<syn>, C<dst www>. Names may be those of AddressInfo and PortInfo. A test of ports, Ethernet addresses or transport fields,
C<!=> too, is false on other protocols, on later fragments and on packets too short for it; C<not> negates all of that.
=h config read/write
=h program read-only
=a IPClassifier
*/
class IPFilter : public ClassifyElement<IPFilter> { public:
    const char *class_name() const override { return "IPFilter"; }
    const char *port_count() const override { return "1/-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_read_handler("program", read, 0); }
    int classify(Packet *p) { return _program.run(p); }

  private:
    IPFilterProgram _program;
    static String read(Element *e, void *) { return static_cast<IPFilter *>(e)->_program.unparse(); }
};

CLICK_ENDDECLS
#endif
