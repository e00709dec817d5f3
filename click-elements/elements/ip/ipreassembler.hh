#ifndef CLICK_IPREASSEMBLER_HH
#define CLICK_IPREASSEMBLER_HH
#include <click/batchelement.hh>
#include <click/sync.hh>
#include <click/timer.hh>
#include "elements/ip/ipfragments.hh"
CLICK_DECLS

/*
=c
IPReassembler([HIMEM, MAX_MTU_ANNO, TIMEOUT])
=s ip
puts fragmented IP packets together again
=d
Expects IP packets with the network header set. Fragments (RFC 791 §3.2) are held until all of a datagram is there; it leaves as one packet with the
headers, what comes before them, and the annotations of the fragment at offset 0. What is not a fragment passes. Where fragments overlap, the bytes that came
last count. A datagram of which nothing new has come for TIMEOUT (30 seconds) is dropped or, if there is an output 1, leaves there as one packet: what there is, with
zeros for what is missing in between, and with the offset of the first byte there is, so that an ICMPError behind it answers only where fragment zero came
(RFC 792).

HIMEM (262144) is how many bytes of memory, buffers and all, fragments may take. Above it, the datagrams that waited longest for something new go as if
their time were up, until no more than three quarters of it are taken. MAX_MTU_ANNO names an annotation of two bytes that is set to the IP length of the
longest fragment.

A sender has 65536 IDs for each of its destinations (RFC 791 §3.2). One of many packets comes to the same one again within TIMEOUT, and what is left of a
datagram that lost a fragment is joined with part of another one (RFC 4963): where that can be, as between the ends of a tunnel, TIMEOUT should be short.

Fragments that no sender makes are dropped and counted as bad: without bytes, with an end that is not a multiple of 8 but for the last, beyond 65535
bytes, beyond the last one, or cut short of their IP length. When a fragment reports congestion (RFC 3168 §5.3), so does the whole. In the
IPREASSEMBLER annotation each fragment has its place while it is here; it is 0 afterwards. In a hot swap fragments go over to the new element, and wait there no
longer than they would have here; what the new HIMEM has no room for is dropped, the oldest first.

Differs from Click's: time is that of the clock, not of packets that come; MAX_MTU_ANNO is the longest fragment's and not the whole's length; without fragment
zero, what leaves on output 1 says at which offset it begins; TIMEOUT is not in Click.
=h dump read-only
Counts, and a line for each datagram that is incomplete: addresses, protocol, ID, and the ranges of bytes that there are.
=a IPFragmenter, ICMPError, CheckIPHeader
*/
class IPReassembler : public SimpleElement<IPReassembler> { public:
    IPReassembler() : _timer(this) {}
    ~IPReassembler();
    const char *class_name() const override { return "IPReassembler"; }
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
    enum { max_datagrams = 65536 };
    struct Key {
        uint32_t src, dst;
        uint16_t id;
        uint8_t protocol;
        bool operator==(const Key &k) const { return src == k.src && dst == k.dst && id == k.id && protocol == k.protocol; }
    };
    struct Datagram {
        Key key;
        Datagram *next;                 // in its bucket, or among the free ones
        Datagram *newer, *older;
        Timestamp since;                // when something new came
        IPFragments fragments;
    };
    Timer _timer;
    uint32_t _himem = 256 * 1024, _timeout_ms = 30000;
    int _longest_anno = -1;
    Spinlock _lock;
    Datagram *_all = nullptr, *_free = nullptr, **_buckets = nullptr, *_newest = nullptr, *_oldest = nullptr;
    uint32_t _mask = 0, _seed = 0;
    uint64_t _memory = 0, _seen = 0, _good = 0, _failed = 0, _bad = 0;

    Datagram **bucket(const Key &);
    Datagram *find_or_make(const Key &, Timestamp since, Packet **gone);
    void touch(Datagram *);
    void unlink_age(Datagram *);
    WritablePacket *finish(Datagram *);
    void give_up_oldest(Packet **gone);
    void send_gone(Packet *gone);
    /** So often is it looked for what has waited too long. */
    void look_later() { _timer.schedule_after_msec(_timeout_ms < 2000 ? (_timeout_ms + 1) / 2 : 1000); }
    Packet *hold(Packet *, const click_ip *, Packet **gone);
    static String read_dump(Element *, void *);
};

CLICK_ENDDECLS
#endif
