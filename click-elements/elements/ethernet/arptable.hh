#ifndef CLICK_ARPTABLE_HH
#define CLICK_ARPTABLE_HH
#include <click/element.hh>
#include <click/hashtable.hh>
#include <click/sync.hh>
#include <click/timer.hh>
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
class ARPTable : public Element { public:
    ARPTable();
    ~ARPTable() override;
    const char *class_name() const override { return "ARPTable"; }
    void *cast(const char *) override;
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void run_timer(Timer *) override;

    /** Read the table's arguments from another element's. */
    Args &read_arguments(Args &);
    /** As initialize(), for a table that is part of @a owner. */
    void start(Element *owner);

    enum Answer { known, known_ask, waiting, waiting_ask };
    /** What to do with @a p for @a ip: known gives its @a mac; else the table has taken @a p. With _ask the caller is to send a query, which
        for one that waits it may repeat for its sake: @a asker and @a vlan (network order) come back from due(). Known answers older than
        @a poll are to be asked for again; 0 for none. */
    Answer resolve(IPAddress ip, Packet *p, EtherAddress &mac, Timestamp poll, const void *asker, uint16_t vlan);
    /** @a mac is the answer; returns the packets that waited, linked. Unless @a always, only for addresses that the table has. */
    Packet *learn(IPAddress ip, const EtherAddress &mac, bool always = false);
    /** What @a asker is to ask for again, about once a second. */
    struct Due { IPAddress ip; uint16_t vlan; };
    void due(const void *asker, Vector<Due> &);
    void erase(IPAddress);
    void clear();

    String unparse();
    unsigned count() const { return _table.size(); }
    unsigned length() const { return _waiting; }
    uint64_t drops() const { return _drops; }
    void count_drop() { ++_drops; }
    void reset_drops() { _drops = 0; }
    static int parse_entry(const String &, IPAddress &, EtherAddress *, const Element *, ErrorHandler *);
    enum { give_up_after = 5, ask_again_after = 1, queries_a_second = 10 };

  private:
    struct Entry {
        IPAddress ip;
        EtherAddress mac;
        bool known = false;
        uint16_t vlan = 0;
        unsigned waiting = 0;
        Timestamp since, asked;              // known: confirmed; else: when the waiting began
        const void *asker = nullptr;
        Packet *head = nullptr, *tail = nullptr;
        Entry *next = nullptr, *prev = nullptr;
    };
    /** Entries by `since`, the oldest first. */
    struct List {
        Entry *first = nullptr, *last = nullptr;
        void append(Entry *e);
        void remove(Entry *e);
    };
    HashTable<IPAddress, Entry> _table;
    List _known, _unknown;
    Timestamp _timeout;
    unsigned _capacity = 2048, _entry_capacity = 0, _entry_packet_capacity = 0, _slim_factor = 2;
    unsigned _waiting = 0;
    uint64_t _drops = 0;
    Timer _timer;
    Spinlock _lock;

    Entry *make_entry(IPAddress);
    void forget(Entry *);
    void drop_packets(Entry *);
    void slim();
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
