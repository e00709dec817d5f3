#ifndef CLICK_ARPQUERIER_HH
#define CLICK_ARPQUERIER_HH
#include <click/element.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
#include <click/hashtable.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
ARPQuerier(IP, MAC [, TIMEOUT, POLL_TIMEOUT, CAPACITY, ENTRY_PACKETS])
=s arp
puts IP packets into Ethernet frames, finding the address by ARP
=d
Input 0: IP packets whose destination annotation is the next hop. Those with a known Ethernet address leave on output 0
in a frame from MAC; else a query (RFC 826) is sent, and up to ENTRY_PACKETS (16) packets an address wait for the answer.
Input 1: ARP replies (whole frames), from which addresses are learned if they were asked for. ARP queries go to
output 1 if it is connected, else to output 0.

An answer is good for TIMEOUT (300 s); a query is repeated at most once a second, and when an entry in use is older
than POLL_TIMEOUT (60 s) it is asked for again. At most CAPACITY (2048) addresses are kept.
=h table read-only
One line an address: IP, whether known, Ethernet address, age in seconds.
=h queries read-only
=h responses read-only
=h drops read-only
Packets dropped: too many waiting, no answer, or no room.
=h insert write-only
C<IP MAC>.
=h clear write-only
=a ARPResponder, SetIPAddress
*/
class ARPQuerier : public Element { public:
    ARPQuerier() : _timer(this) {}
    const char *class_name() const override { return "ARPQuerier"; }
    const char *port_count() const override { return "2/1-2"; }
    const char *processing() const override { return PUSH; }
    const char *flow_code() const override { return "xy/x"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void push(int port, Packet *) override;
    void run_timer(Timer *) override;

  private:
    struct Entry {
        EtherAddress mac;
        bool known = false;
        Timestamp since, asked;
        Packet *head = nullptr, *tail = nullptr;
        unsigned waiting = 0;
    };
    HashTable<IPAddress, Entry> _table;
    IPAddress _ip;
    EtherAddress _mac;
    Timestamp _timeout, _poll;
    unsigned _capacity = 2048, _entry_packets = 16;
    uint64_t _queries = 0, _responses = 0, _drops = 0;
    Timer _timer;

    void forward(Packet *, const EtherAddress &);
    void query(IPAddress, Entry &);
    void learn(IPAddress, const EtherAddress &);
    void drop_waiting(Entry &);
    void response(Packet *);
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
