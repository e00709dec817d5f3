#ifndef LCLICK_IP6FRAGMENTS_HH
#define LCLICK_IP6FRAGMENTS_HH
#include "elements/ip6/ip6packet.hh"
CLICK_DECLS

/** A fragment's place in its packet, and in what it is a part of (RFC 8200 §4.5). */
struct IP6FragmentView {
    enum Kind { none, fragment, bad };      // what a packet is
    Kind kind = none;
    uint32_t header = 0, nxt_at = 6;        // of the fragment header, from the IPv6 header on; where it is announced
    uint32_t start = 0, length = 0, id = 0; // bytes of the fragmentable part
    bool more = false;
    explicit IP6FragmentView(const Packet *);
    bool atomic() const { return !start && !more; }
};

/**
 * What has come of one packet. The fragments themselves hold the bytes, in order of their offsets. Overlapping ones are nothing that an
 * honest sender makes: then all are given up, and those that are still to come are refused (RFC 5722 §4).
 */
class IP6Fragments { public:
    enum Result { added, duplicate, overlap, refused };
    /** Takes @a p over, whatever comes of it; its data end with the packet. */
    Result add(Packet *p, const IP6FragmentView &);
    bool complete() const { return _ended && _held == _end; }
    /** All of it as one packet, without fragment headers; null if out of memory. Nothing is left here. */
    WritablePacket *join();
    /** The fragment at offset 0, if it is there, as it came; the others are dropped. */
    Packet *take_first();
    void clear();
    uint32_t memory() const { return _memory; }
    static uint32_t start(const Packet *p) { return p->anno_u16(IPREASSEMBLER_ANNO_OFFSET); }
    static uint32_t length(const Packet *p) { return p->anno_u16(IPREASSEMBLER_ANNO_OFFSET + 2); }
    static uint32_t stop(const Packet *p) { return start(p) + length(p); }
    const Packet *first() const { return _head; }

  private:
    Packet *_head = nullptr, *_tail = nullptr;
    uint32_t _held = 0, _end = 0, _memory = 0;
    bool _ended = false, _refused = false;
    uint8_t _ecn = 0;                       // bit n: codepoint n was seen
};

/** Take the fragment header out of a packet that has one. */
WritablePacket *ip6_without_fragment_header(Packet *, const IP6FragmentView &);

CLICK_ENDDECLS
#endif
