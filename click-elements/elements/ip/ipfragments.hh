#ifndef LCLICK_IPFRAGMENTS_HH
#define LCLICK_IPFRAGMENTS_HH
#include <click/packet.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

/**
 * What has come of one datagram. The packets themselves hold the bytes, in order of their offsets and without overlap, so that nothing is copied
 * before all is there; what follows its predecessor directly goes into that one's tailroom, so that small fragments do not take a buffer each.
 * Nobody else may hold the packets, since a later fragment may write into an earlier one.
 */
class IPFragments { public:
    enum Result { bad, nothing_new, added };
    /** The IP header of @a p, whose data end with the IP length, is whole. Takes @a p over unless it is bad. */
    Result add(Packet *p, const click_ip *ip);
    bool complete() const { return _ended && _held == _end; }
    /** All of it as one packet, the first fragment's with the others' bytes; or, if it is not complete, what there is, with gaps of zeros
        and the offset of the first that there is. Null if it would be longer than a datagram can be. Nothing is left here. */
    WritablePacket *join();
    void clear();
    /** Bytes of memory that it takes. */
    uint32_t memory() const { return _memory; }
    /** The IP length of the longest fragment. */
    uint16_t longest() const { return _longest; }
    const Packet *first() const { return _head; }
    static uint32_t start(const Packet *p) { return p->anno_u16(IPREASSEMBLER_ANNO_OFFSET); }
    static uint32_t stop(const Packet *p) { return start(p) + length(p); }

  private:
    Packet *_head = nullptr, *_tail = nullptr;
    uint32_t _held = 0, _end = 0, _memory = 0;
    uint16_t _longest = 0;
    bool _ended = false;
    uint8_t _ecn = 0;       // bit n: codepoint n was seen

    static uint32_t length(const Packet *p) { return p->anno_u16(IPREASSEMBLER_ANNO_OFFSET + 2); }
    static unsigned char *bytes(Packet *p) { return const_cast<unsigned char *>(p->end_data()) - length(p); }
    static void set_range(Packet *p, uint32_t start, uint32_t length) {
        p->set_anno_u16(IPREASSEMBLER_ANNO_OFFSET, (uint16_t) start);
        p->set_anno_u16(IPREASSEMBLER_ANNO_OFFSET + 2, (uint16_t) length);
    }
    void link(Packet *before, Packet *p);
    bool lengthen(Packet *before, uint32_t at, const unsigned char *data, uint32_t n);
};

CLICK_ENDDECLS
#endif
