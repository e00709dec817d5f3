#ifndef CLICK_ARPTABLE_HH
#define CLICK_ARPTABLE_HH
#include <click/etheraddress.hh>
#include "neighbourtable.hh"
CLICK_DECLS

/*
=c
ARPTable([CAPACITY, ENTRY_CAPACITY, ENTRY_PACKET_CAPACITY, CAPACITY_SLIM_FACTOR, TIMEOUT])
=s arp
holds Ethernet addresses of IP addresses
=d
For several ARPQueriers with one table; an ARPQuerier without TABLE has one of its own.

At most CAPACITY (2048; 0: any number) packets wait for answers, ENTRY_PACKET_CAPACITY (0: any number) for one address. A packet
too many for its address is dropped; if there are too many in all, those of the addresses asked for longest ago go, a
CAPACITY_SLIM_FACTOR'th (2) of all. Of more than ENTRY_CAPACITY (0: any number) addresses the one confirmed longest ago goes. An
answer is good for TIMEOUT (300 s; 0: for ever). An address that is not known is forgotten, and what waits for it dropped,
after five seconds.
=h table read-only
One line an address: IP, 1 if known or 0, Ethernet address, age in seconds.
=h count read-only
Addresses.
=h length read-only
Packets that wait.
=h drops read-only
Packets dropped for want of an answer or of room.
=h insert write-only
C<IP MAC>.
=h delete write-only
C<IP>.
=h clear write-only
=a ARPQuerier
*/
class ARPTable : public Element, public NeighbourTable<IPAddress> { public:
    const char *class_name() const override { return "ARPTable"; }
    void *cast(const char *) override;
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override { clear(); }
    void add_handlers() override;

    String unparse_table() { return unparse(EtherAddress::make_broadcast(), true); }
    /** `IP` and, if asked for, an Ethernet address. */
    static int parse_entry(const String &, IPAddress &, EtherAddress *, const Element *, ErrorHandler *);

  private:
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
