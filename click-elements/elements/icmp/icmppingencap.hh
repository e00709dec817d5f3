#ifndef CLICK_ICMPPINGENCAP_HH
#define CLICK_ICMPPINGENCAP_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
ICMPPingEncap(SRC, DST [, IDENTIFIER])
=s icmp
encapsulates packets in ICMP echo requests
=d
The packet becomes the data of an echo request (RFC 792) from SRC to DST with an IP header in front. IDENTIFIER (0) is the keyword of its identifier; the
sequence number is one more for each packet. Network header and destination annotations are set. Packets that no IP packet can hold are dropped.

Differs from Click's: the identifier is in network order on every machine.
=h src read/write
=h dst read/write
=a ICMPPingSource, ICMPPingResponder, ICMPPingRewriter
*/
class ICMPPingEncap : public SimpleElement<ICMPPingEncap> { public:
    const char *class_name() const override { return "ICMPPingEncap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *);

  private:
    IPAddress _src, _dst;
    uint16_t _identifier = 0, _sequence = 0;
};

CLICK_ENDDECLS
#endif
