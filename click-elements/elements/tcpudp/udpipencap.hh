#ifndef CLICK_UDPIPENCAP_HH
#define CLICK_UDPIPENCAP_HH
#include <click/batchelement.hh>
#include <click/ipaddress.hh>
#include <clicknet/ip.h>
#include <clicknet/udp.h>
CLICK_DECLS

/*
=c
UDPIPEncap(SRC, SPORT, DST, DPORT [, CHECKSUM])
=s udp
puts packets into UDP over IPv4
=d
CHECKSUM (true): compute the UDP checksum; false leaves it 0. Packets of more than 65507 bytes are dropped.
=h src read/write
=h sport read/write
=h dst read/write
=h dport read/write
*/
class UDPIPEncap : public SimpleElement<UDPIPEncap> { public:
    const char *class_name() const override { return "UDPIPEncap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;
    /** SRC, SPORT, DST or DPORT (0 to 3), as the handlers tell it. */
    String field(uintptr_t which) const;

  private:
    struct Headers { click_ip ip; click_udp udp; } _template;     // all but lengths, identification and sums
    uint32_t _template_sum = 0;                                  // of the IP header in it
    uint32_t _pseudo_sum = 0;                                    // of addresses, protocol and ports
    uint16_t _id = 0;
    bool _checksum = true;
};

CLICK_ENDDECLS
#endif
