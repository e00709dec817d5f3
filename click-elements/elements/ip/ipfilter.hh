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
numbers may be ranges (C<1024-65535>) or follow C<==>, C<!=>, C<< < >>, C<< > >>, C<< <= >>, C<< >= >>. Without
direction, either will do. They combine with C<and> (C<&&>, or nothing), C<or> (C<||>), C<not> (C<!>) and parentheses; a bare
value takes the qualifiers of the one before: C<dst port 80 or 443>, and a name alone
says what it is of: C<syn>, C<dst www>. A test of ports or transport fields,
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
