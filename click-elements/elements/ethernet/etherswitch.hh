#ifndef CLICK_ETHERSWITCH_HH
#define CLICK_ETHERSWITCH_HH
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
#include <click/hashtable.hh>
#include <click/sync.hh>
CLICK_DECLS

/*
=c
EtherSwitch([TIMEOUT, CAPACITY])
=s ethernet
a learning Ethernet switch
=d
Input i and output i are one LAN. The source address of a frame is taken to be on the LAN that the frame came from, for TIMEOUT (300)
seconds from the last one. Frames for such an address go there, or nowhere if they came from there; frames for others and for
groups go everywhere but where they came from. With TIMEOUT 0 nothing is learned. At most CAPACITY (65536) addresses are
learned; no source that is a group address is. What is too short for an Ethernet header is dropped.
=h table read-only
One line an address: Ethernet address, port.
=h timeout read/write
=a ListenEtherSwitch
*/
class EtherSwitch : public BatchElement { public:
    const char *class_name() const override { return "EtherSwitch"; }
    const char *port_count() const override { return "2-/="; }
    const char *processing() const override { return PUSH; }
    const char *flow_code() const override { return "#/[^#]"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    void push(int port, Packet *) override;
    void push_batch(int port, PacketBatch *) override;

  private:
    struct Place { int port; Timestamp seen; };
    HashTable<EtherAddress, Place> _table;
    unsigned _timeout = 300, _capacity = 65536;
    Timestamp _swept;
    SimpleSpinlock _lock;

    enum { flood = -1, nowhere = -2 };
    /** Learn from a frame that came in on @a port; where is it to go? */
    int decide(int port, const Packet *);
    void learn(int port, const EtherAddress &, Timestamp now);
    void sweep(Timestamp now);
    void flood_to_others(int port, Packet *);
    static String read_table(Element *, void *);
    static int write_timeout(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
