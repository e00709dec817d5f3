#ifndef CLICK_ARPRESPONDER_HH
#define CLICK_ARPRESPONDER_HH
#include <click/element.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
CLICK_DECLS

/*
=c
ARPResponder(IP/MASK [IP/MASK...] MAC, ...)
=s arp
answers ARP requests
=d
Answers Ethernet frames with ARP requests (RFC 826) for the addresses given with the MAC given; the first argument that
has the address counts. Other packets leave on output 1, or are dropped.
=h count read-only
Requests answered.
=h table read-only
=a ARPQuerier
*/
class ARPResponder : public Element { public:
    const char *class_name() const override { return "ARPResponder"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    struct Entry { IPAddress addr, mask; EtherAddress mac; };
    Vector<Entry> _entries;
    uint64_t _count = 0;
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
