#ifndef CLICK_IP6NDADVERTISER_HH
#define CLICK_IP6NDADVERTISER_HH
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
#include <click/ip6address.hh>
CLICK_DECLS

/*
=c
IP6NDAdvertiser(IP6/PREFIX ETH, ...)
=s ip6
answers IPv6 neighbour solicitations
=d
Answers Ethernet frames with neighbour solicitations (RFC 4861) for the addresses given with the Ethernet address given; the longest prefix counts. What asks
whether an address is free is answered for single addresses (/128) only. Other packets, and solicitations that RFC 4861 §7.1.1 says not to believe, leave
on output 1 if there is one, or are dropped.
=h count read-only
Solicitations answered.
=h table read-only
=a IP6NDSolicitor
*/
class IP6NDAdvertiser : public SimpleElement<IP6NDAdvertiser> { public:
    const char *class_name() const override { return "IP6NDAdvertiser"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    struct Entry { IP6Address address; int length; EtherAddress mac; };
    Vector<Entry> _entries;
    uint64_t _count = 0;
    const Entry *find(const IP6Address &) const;
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
