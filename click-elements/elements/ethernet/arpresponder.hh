#ifndef CLICK_ARPRESPONDER_HH
#define CLICK_ARPRESPONDER_HH
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
CLICK_DECLS

/*
=c
ARPResponder(IP/MASK [IP/MASK...] ETH, ...)
=s arp
answers ARP requests
=d
Answers Ethernet frames with ARP requests (RFC 826) for the addresses given with the Ethernet address given; the longest prefix that
has the address counts, of equal ones the last. Replies have the VLAN annotation of their requests. Other packets leave on
output 1, or are dropped.
=h count read-only
Requests answered.
=h table read-only
One line a prefix, longer ones before those that hold them.
=h lookup read with an IP address
The Ethernet address that would be given in answer, if any.
=h add write-only
C<IP/MASK [IP/MASK...] ETH>.
=h remove write-only
C<IP/MASK>.
=a ARPQuerier
*/
class ARPResponder : public SimpleElement<ARPResponder> { public:
    const char *class_name() const override { return "ARPResponder"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    struct Entry { IPAddress addr, mask; EtherAddress mac; };
    Vector<Entry> _entries;       // by length of prefix, so that the first match is the longest
    uint64_t _count = 0;
    const Entry *find(IPAddress) const;
    static void insert(Vector<Entry> &, const Entry &);
    int parse(Vector<Entry> &, const String &, ErrorHandler *) const;
    static String read(Element *, void *);
    static int lookup(int, String &, Element *, const Handler *, ErrorHandler *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
