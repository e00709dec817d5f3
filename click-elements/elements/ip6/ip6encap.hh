#ifndef CLICK_IP6ENCAP_HH
#define CLICK_IP6ENCAP_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/ip6address.hh>
CLICK_DECLS

/*
=c
IP6Encap(PROTO, SRC, DST [, HLIM, CLASS])
=s ip6
puts packets into IPv6
=d
PROTO is the next header, a number or one of ip, ipip, tcp, udp, ipv6, gre, icmp6; HLIM (250) the hop limit, CLASS (0) the traffic class. With DST
C<DST_ANNO> the destination is each packet's destination annotation, else that is set to DST. Packets of more than 65535 bytes are
dropped.
=h src read/write
=h dst read/write
=a UDPIP6Encap, SetIP6Address
*/
class IP6Encap : public SimpleElement<IP6Encap> { public:
    const char *class_name() const override { return "IP6Encap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    IP6Address _src, _dst;
    bool _use_anno = false;
    uint8_t _proto = 0, _hlim = 250, _class = 0;
    static String read(Element *, void *);
};

/** An address, or DST_ANNO. */
struct IP6DestinationArg {
    struct Value { IP6Address address; bool anno = false; };
    static bool parse(const String &s, Value &v, const ArgContext &args) {
        v.anno = s == "DST_ANNO";
        return v.anno || IP6AddressArg::parse(s, v.address, args);
    }
};

CLICK_ENDDECLS
#endif
