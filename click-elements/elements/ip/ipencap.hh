#ifndef CLICK_IPENCAP_HH
#define CLICK_IPENCAP_HH
#include <click/batchelement.hh>
#include <clicknet/ip.h>
CLICK_DECLS

/*
=c
IPEncap(PROTO, SRC, DST [, TTL, DSCP, ECT, CE, TOS, DF])
=s ip
puts packets into IPv4
=d
PROTO is a number or a name (C<ipip>, C<udp>, ...); DST may be C<DST_ANNO>, the destination annotation of each packet. TTL is 250; of TOS and
DSCP (0 to 63), ECT (C<true> or C<2>), CE all are 0; DF false. The network header and destination annotations are set. What is too long is dropped.
=h src, dst read/write
=a UDPIPEncap, StripIPHeader
*/
class IPEncap : public SimpleElement<IPEncap> { public:
    const char *class_name() const override { return "IPEncap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    click_ip _header = {};           // with its checksum as far as it is the same for all
    bool _use_anno = false;
    uint16_t _id = 0;
};

CLICK_ENDDECLS
#endif
