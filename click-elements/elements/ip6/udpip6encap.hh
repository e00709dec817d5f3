#ifndef CLICK_UDPIP6ENCAP_HH
#define CLICK_UDPIP6ENCAP_HH
#include <click/batchelement.hh>
#include <click/ip6address.hh>
CLICK_DECLS

/*
=c
UDPIP6Encap(SRC, SPORT, DST, DPORT)
=s udp
puts packets into UDP over IPv6
=d
With hop limit 255 and the checksum, which IPv6 demands. With DST C<DST_ANNO> the destination is each packet's destination annotation, else
that is set to DST. Packets of more than 65527 bytes are dropped.
=h src read/write
=h sport read/write
=h dst read/write
=h dport read/write
=a IP6Encap, UDPIPEncap
*/
class UDPIP6Encap : public SimpleElement<UDPIP6Encap> { public:
    const char *class_name() const override { return "UDPIP6Encap"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *flags() const override { return "A"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    IP6Address _src, _dst;
    uint16_t _sport = 0, _dport = 0;       // in host order
    bool _use_anno = false;
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
