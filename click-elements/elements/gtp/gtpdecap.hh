#ifndef CLICK_GTPDECAP_HH
#define CLICK_GTPDECAP_HH
#include <click/batchelement.hh>
#include <click/packet_anno.hh>
#include "elements/gtp/gtptable.hh"
CLICK_DECLS

// What GTPDecap notes on a packet, in bytes of the annotations that upstream uses for cycle counters only.
/** 0x80 | QFI of the PDU session container, or 0. */
#define GTP_QFI_ANNO_OFFSET 43
/** How much was taken off. */
#define GTP_STRIPPED_ANNO_OFFSET 44
/** The path's number in the table. */
#define GTP_PATH_ANNO_OFFSET 46

/*
=c
GTPDecap(TABLE, DIRECTION UPLINK|DOWNLINK [, MALFORMED pass|drop])
=s gtp
takes G-PDUs out of their tunnel, and learns from them
=d
Expects Ethernet frames. A well-formed G-PDU (TS 29.281 §5.1: version 1, PT 1, type 255, to UDP port 2152) over IPv4 or IPv6
with an IPv4 or IPv6 packet inside leaves on output 0: the outer headers are stripped, the network header is set to the inner one,
the destination annotation to its destination, the aggregate annotation to the TEID, and TABLE (a GTPTable) learns the
tunnel. Only the data pointer moves; the outer bytes stay where they are, so that GTPRestore can undo it. Any mix of
the E, S and PN flags is understood, as are chains of extension headers, IPv4 options, IPv6 extension headers and one or two VLAN tags.

All else leaves on output 1 unchanged: ARP, what is not GTP-U, echo requests and responses, error indications, end
markers (GTPSignalling looks at these), GTP-C, outer fragments, PDU sessions that do not carry IP, and packets with an extension header
that the endpoint must understand and that is not known here. So does malformed GTP-U, counted by reason: a
transparent function must not eat what it does not understand, the endpoint decides. C<MALFORMED drop> drops it instead.
A GTP or UDP length that does not agree with its container is malformed, shorter ones too; so is UDP over IPv6 without checksum.

=h count read-only
G-PDUs.
=h malformed read-only
Malformed ones.
=h counts read-only
One line a reason: name, tab, count.
=h reset_counts write-only
=a GTPTable, GTPRestore, GTPBreakout, GTPEncap, GTPSignalling
*/
class GTPDecap : public ClassifyElement<GTPDecap> { public:
    const char *class_name() const override { return "GTPDecap"; }
    const char *port_count() const override { return "1/2"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    void push_batch(int, PacketBatch *) override;
    int classify(Packet *);

    const GTPTable *table() const { return _table; }
    GTPDirection direction() const { return _direction; }
    /** G-PDUs that passed elsewhere (GTPFastPath) count as if it had been here. */
    void credit(uint64_t packets) { _counts[GTP_GPDU] += packets, _table->count_verdict(_direction, GTP_GPDU, packets); }

  private:
    /** A frame, and whose it is. */
    struct Found { GTPFrame f; GTPSessionKey ue; };
    /** What was found of one ahead. If it is plain, in a path known as of a generation of the table, the frame was not looked at and is stripped already; else @a path
        is null, and @a hash 0 if it is no G-PDU. */
    struct Ahead { GTPPath *path; uint64_t generation; uint32_t number, hash, id, ue; int out; bool plain; };
    GTPTable *_table = nullptr;
    GTPDirection _direction = GTP_UPLINK;
    bool _drop_malformed = false;
    uint64_t _counts[GTP_NVERDICTS] = {};
    GTPTunnelCache _tunnels;
    GTPPathCache _paths;
    void look(Packet *, Found &) const;
    void look_ahead(Packet *, Ahead &) const;
    void parse_ahead(Packet *, Ahead &) const;
    bool strip_ahead(Packet *, Ahead &) const;
    int take_ahead(Packet *, const Ahead &, uint32_t now);
    int take_slowly(Packet *, uint32_t hash);
    static void strip_plain(Packet *, uint32_t path, uint32_t teid);
    bool again(Packet *, uint32_t now);
    int study(Packet *);
    void push_ahead(PacketBatch *);
    void emit(int output, PacketBatch *);
    int take(Packet *, const Found &, const uint32_t *hash);
    static void strip(Packet *, uint32_t inner, uint32_t path, uint32_t teid, uint8_t qfi);
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
