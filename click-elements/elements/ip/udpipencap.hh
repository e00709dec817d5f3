#ifndef CLICK_UDPIPENCAP_HH
#define CLICK_UDPIPENCAP_HH
#include <click/batchelement.hh>
#include <click/ipaddress.hh>
CLICK_DECLS

/*
=c
UDPIPEncap(SRC, SPORT, DST, DPORT [, CHECKSUM])
=s udp
puts packets into UDP over IPv4
=d
CHECKSUM (true): compute the UDP checksum; false leaves it 0. Packets of more than 65507 bytes are dropped.
=h src, sport, dst, dport read-only
*/
class UDPIPEncap : public SimpleElement<UDPIPEncap> { public:
    const char *class_name() const override { return "UDPIPEncap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    IPAddress _src, _dst;
    uint16_t _sport = 0, _dport = 0, _id = 0;
    bool _checksum = true;
};

CLICK_ENDDECLS
#endif
