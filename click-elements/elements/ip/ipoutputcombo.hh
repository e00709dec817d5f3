#ifndef CLICK_IPOUTPUTCOMBO_HH
#define CLICK_IPOUTPUTCOMBO_HH
#include <click/batchelement.hh>
#include "elements/ip/ipoptions.hh"
CLICK_DECLS

/*
=c
IPOutputCombo(COLOR, IPADDR, MTU)
=s ip
what an IP router's output path needs, in one element
=d
As C<< DropBroadcasts -> PaintTee(COLOR) -> IPGWOptions(IPADDR) -> FixIPSrc(IPADDR) -> DecIPTTL -> CheckLength(MTU) >>. Output 0 takes what
passes; 1 copies of packets of COLOR (for a redirect), 2 bad options, 3 expired packets, 4 packets longer than MTU.
=a IPInputCombo, PaintTee, IPGWOptions, FixIPSrc, DecIPTTL, IPFragmenter
*/
class IPOutputCombo : public Element { public:
    const char *class_name() const override { return "IPOutputCombo"; }
    const char *port_count() const override { return "1/5"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void push(int, Packet *) override;

  private:
    int _color = 0;
    unsigned _mtu = 0;
    IPRouterOptions _options;
};

CLICK_ENDDECLS
#endif
