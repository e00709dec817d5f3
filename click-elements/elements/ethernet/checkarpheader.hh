#ifndef CLICK_CHECKARPHEADER_HH
#define CLICK_CHECKARPHEADER_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
CheckARPHeader([OFFSET, VERBOSE, DETAILS])
=s arp
checks ARP headers
=d
An ARP header (RFC 826) is expected OFFSET (0) bytes into the packet: with room for it and the addresses whose lengths it gives, six
bytes of them if the hardware is Ethernet, and for IPv4, four bytes an address. The network header annotation is set to it. Other
packets leave on output 1, or are dropped; the first is complained of, with VERBOSE (false) each.
=h count read-only
=h drops read-only
=h drop_details read-only
How many for which reason. With DETAILS (false) only.
=a ARPPrint, ARPQuerier, ARPResponder
*/
class CheckARPHeader : public SimpleElement<CheckARPHeader> { public:
    const char *class_name() const override { return "CheckARPHeader"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    enum Reason { tiny_packet, too_small, bad_hardware, bad_protocol, nreasons };
    unsigned _offset = 0;
    bool _verbose = false, _details = false, _complained = false;
    uint64_t _count = 0, _drops[nreasons] = {};
    Packet *drop(Reason, Packet *);
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
