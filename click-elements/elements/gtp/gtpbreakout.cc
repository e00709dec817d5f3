#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/packet_anno.hh>
#include <clicknet/ip.h>
#include <clicknet/ip6.h>
#include "gtpbreakout.hh"
#include "elements/gtp/gtpdecap.hh"
#include "elements/gtp/gtplookahead.hh"
#include "elements/gtp/gtptos.hh"
CLICK_DECLS

int GTPBreakout::configure(Vector<String> &conf, ErrorHandler *errh) {
    String dscp = "keep";
    if (Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).read("DSCP", WordArg(), dscp).complete() < 0)
        return -1;
    if (dscp != "keep" && dscp != "outer")
        return errh->error("DSCP must be keep or outer");
    _outer_dscp = dscp == "outer";
    return 0;
}

/** What a packet out of GTPDecap is to the table; false of any other. */
static inline bool inner_of(Packet *p, GTPInner &in) {
    // GTPDecap has checked the header; a packet that did not come from it has no business here.
    if (!p->has_network_header() || !p->anno_u16(GTP_STRIPPED_ANNO_OFFSET) || !p->anno_u16(GTP_PATH_ANNO_OFFSET) || p->network_length() < 20)
        return false;
    gtp_inner(p->network_header(), p->network_length(), true, in);
    return true;
}

/** The output for @a p, which is made ready for it. */
inline int GTPBreakout::way(int port, Packet *p, const GTPInner &in) {
    uint8_t tenant = PAINT_ANNO(p);
    if (!_table->steer(in, GTPTunnel{AGGREGATE_ANNO(p), p->anno_u16(GTP_PATH_ANNO_OFFSET)}, p->anno_u8(GTP_QFI_ANNO_OFFSET), port == 0, tenant)) {
        ++_counts[1];
        return 1;
    }
    ++_counts[0];
    SET_PAINT_ANNO(p, tenant);
    const unsigned char *ip = p->network_header();
    uint32_t length = in.six ? 40 + gtp_get16(ip + 4) : gtp_get16(ip + 2);
    if (p->network_length() > length)
        p->take(p->network_length() - length);
    return 0;
}

/** What of the outer header goes on in the inner one, as the packet leaves its tunnel. */
inline Packet *GTPBreakout::leave(Packet *p) {
    uint32_t stripped = p->anno_u16(GTP_STRIPPED_ANNO_OFFSET);
    p->set_anno_u16(GTP_STRIPPED_ANNO_OFFSET, 0);
    if (stripped > p->headroom())
        return p;                      // someone moved it to a smaller buffer
    const unsigned char *frame = p->data() - stripped;
    uint8_t outer = gtp_outer_tos(frame), inner = gtp_tos(p->network_header()), tos = inner;
    if (unlikely((outer & 3) == 3 && (inner & 3)))
        tos |= 3;
    if (_outer_dscp)
        tos = (uint8_t) ((outer & 0xFC) | (tos & 3));
    if (likely(tos == inner))
        return p;
    WritablePacket *q = p->uniqueify();
    if (q)
        gtp_set_tos(q->network_header(), tos);
    return q;
}

void GTPBreakout::push(int port, Packet *p) {
    GTPInner in;
    if (!inner_of(p, in)) {
        ++_counts[1];
        output(1).push(p);
    } else if (way(port, p, in))
        output(1).push(p);
    else if ((p = leave(p)))
        output(0).push(p);
}

void GTPBreakout::push_batch(int port, PacketBatch *batch) {
    struct Found { GTPInner in; bool ok; };
    GTPLookAhead<Found> ahead;
    bool large = _table->large();
    auto one = [&](Packet *p) {
        if (!large) {
            GTPInner in;
            return inner_of(p, in) ? way(port, p, in) : (++_counts[1], 1);
        }
        Found &x = ahead.of(p, [this](Packet *q, Found &y) { if ((y.ok = inner_of(q, y.in))) _table->prefetch_flow_slot(y.in); },
                            [this](Found &y) { if (y.ok) _table->prefetch_flow(y.in); });
        return x.ok ? way(port, p, x.in) : (++_counts[1], 1);
    };
    auto emit = [this](int i, PacketBatch *b) {
        if (i == 0)
            EXECUTE_FOR_EACH_PACKET_DROPPABLE(leave, b, [](Packet *) {});
        if (b)
            output(i).push_batch(b);
    };
    CLASSIFY_EACH_PACKET(2, one, batch, emit);
}

int GTPBreakout::reset(const String &, Element *e, void *, ErrorHandler *) {
    GTPBreakout *b = static_cast<GTPBreakout *>(e);
    b->_counts[0] = b->_counts[1] = 0;
    return 0;
}

void GTPBreakout::add_handlers() {
    add_data_handlers("breakout", Handler::f_read, &_counts[0]);
    add_data_handlers("core", Handler::f_read, &_counts[1]);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable)
EXPORT_ELEMENT(GTPBreakout)
