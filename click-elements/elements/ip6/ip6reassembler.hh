#ifndef LCLICK_IP6REASSEMBLER_HH
#define LCLICK_IP6REASSEMBLER_HH
#include <click/batchelement.hh>
#include <click/sync.hh>
#include <click/timer.hh>
#include "elements/ip6/ip6fragments.hh"
CLICK_DECLS

/*
=c
IP6Reassembler([HIMEM])
=s ip6
puts fragmented IPv6 packets together again
=d
Expects IPv6 packets with the network header set. Fragments (RFC 8200 §4.5) are held until all of a packet is there; it leaves as one, without fragment
headers, with the headers, what comes before them, and the annotations of the fragment at offset 0. A fragment that is all of its packet (RFC 6946) leaves at once.
What is no fragment passes.

If fragments overlap, or do not agree where the packet ends, all of them are dropped, and those that come later, too (RFC 5722); a fragment that comes twice, bit by bit
the same, is dropped alone. A packet of which something is missing 60 seconds after its first fragment came is dropped; if its fragment at offset 0 is
there, that leaves on output 1, if there is one, for an ICMP6Error(..., 3, 1). Fragments that no sender makes are dropped and counted as bad: without bytes, with
an end that is not a multiple of 8 but for the last, beyond 65535 bytes, cut short, or the first one without all extension headers (RFC 7112).

HIMEM (262144) is how many bytes of memory, buffers and all, fragments may take. Above it, the packets whose first fragment is oldest go as if their time were
up, until no more than three quarters of it are taken. When a fragment reports congestion (RFC 3168 §5.3), so does the whole. In the IPREASSEMBLER annotation each
fragment has its place while it is here; it is 0 afterwards. In a hot swap fragments go over to the new element.
=h fragments, reassembled read-only
Those that came; packets that became whole.
=h failed, bad, overlaps, duplicates read-only
Packets given up; fragments that no sender makes; packets dropped because of overlapping fragments; fragments that came twice.
=h memory, pending read-only
Bytes that fragments take; packets of which something is missing.
=a IP6Fragmenter, ICMP6Error, IPReassembler
*/
class IP6Reassembler : public SimpleElement<IP6Reassembler> { public:
    IP6Reassembler() : _timer(this) {}
    ~IP6Reassembler();
    const char *class_name() const override { return "IP6Reassembler"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void run_timer(Timer *) override;
    Packet *simple_action(Packet *);

  private:
    enum { patience_seconds = 60, max_packets = 65536 };
    struct Key {
        struct in6_addr src, dst;
        uint32_t id;
        bool operator==(const Key &k) const { return id == k.id && memcmp(&src, &k.src, 32) == 0; }
    };
    struct Pending {
        Key key;
        Pending *next;                  // in its bucket, or among the free ones
        Pending *newer, *older;
        Timestamp since;                // when the first fragment came
        IP6Fragments fragments;
    };
    Timer _timer;
    uint32_t _himem = 256 * 1024;
    Spinlock _lock;
    Pending *_all = nullptr, *_free = nullptr, **_buckets = nullptr, *_newest = nullptr, *_oldest = nullptr;
    uint32_t _mask = 0;
    uint64_t _seed[4] = {};
    uint64_t _memory = 0, _pending = 0, _seen = 0, _whole = 0, _failed = 0, _bad = 0, _overlaps = 0, _duplicates = 0;

    Pending **bucket(const Key &);
    Pending *find_or_make(const Key &, Timestamp since, Packet **gone);
    void forget(Pending *);
    void give_up_oldest(Packet **gone);
    void keep_within_memory(Packet **gone);
    void send_gone(Packet *gone);
    Packet *hold(Packet *, const IP6FragmentView &, Packet **gone);
};

CLICK_ENDDECLS
#endif
