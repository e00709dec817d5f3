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
#include "elements/gtp/gtptrace.hh"
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

/** Is it the core's at a glance? IPv4 that the rules do not select, no fragment, of a protocol of which no flow is known. */
inline bool GTPBreakout::plainly_core(int port, const Packet *p) const {
    if (!port || !p->has_network_header() || p->network_length() < 20)
        return false;
    const unsigned char *ip = p->network_header();
    return ip[0] >> 4 == 4 && !(gtp_get16(ip + 6) & 0x3FFF) && _table->none_of(false, ip[9]) && !_table->tracing();
}

/** The output for @a p, which is made ready for it. */
inline int GTPBreakout::way(int port, Packet *p, const GTPInner &in, const GTPSought *flow) {
    uint8_t tenant = PAINT_ANNO(p);
    const GTPTunnel up = {AGGREGATE_ANNO(p), p->anno_u16(GTP_PATH_ANNO_OFFSET)};
    const uint8_t qfi = p->anno_u8(GTP_QFI_ANNO_OFFSET);
    GTPTrace *const trace = _table->tracing();
    if (!(likely(!trace) ? _table->steer(in, up, qfi, port == 0, tenant, flow) : trace->steer(p, in, up, qfi, port == 0, tenant))) {
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

/** What DSCP and ECN @a p has to have when it leaves its tunnel. */
inline uint8_t GTPBreakout::tos_outside(const Packet *p) const {
    const uint32_t stripped = p->anno_u16(GTP_STRIPPED_ANNO_OFFSET);
    uint8_t tos = gtp_tos(p->network_header());
    if (stripped > p->headroom())
        return tos;                    // someone moved it to a smaller buffer
    uint8_t outer = gtp_outer_tos(p->data() - stripped);
    if (unlikely((outer & 3) == 3 && (tos & 3)))
        tos |= 3;
    return _outer_dscp ? (uint8_t) ((outer & 0xFC) | (tos & 3)) : tos;
}

/** The same as it does, for it forgets its tunnel's header. */
inline uint8_t GTPBreakout::leave(Packet *p) {
    const uint8_t tos = tos_outside(p);
    p->set_anno_u16(GTP_STRIPPED_ANNO_OFFSET, 0);
    return tos;
}

void GTPBreakout::mark(Packet *p, uint8_t tos) {
    if (WritablePacket *q = p->uniqueify()) {
        gtp_set_tos(q->network_header(), tos);
        output(0).push(q);
    }
}

void GTPBreakout::push(int port, Packet *p) {
    GTPInner in;
    if (plainly_core(port, p) || !inner_of(p, in)) {
        ++_counts[1];
        output(1).push(p);
    } else if (way(port, p, in, nullptr))
        output(1).push(p);
    else {
        uint8_t tos = leave(p);
        if (likely(tos == gtp_tos(p->network_header())))
            output(0).push(p);
        else
            mark(p, tos);
    }
}

void GTPBreakout::push_batch(int port, PacketBatch *batch) {
    struct Found { GTPInner in; GTPSought flow; bool ok; uint8_t tos; };
    GTPLookAhead<Found> ahead;
    bool large = _table->large();
    enum { out, core, marked };        // marked: out, but rewritten first, which does not happen in a batch
    auto decide = [this, port](Packet *p, const GTPInner &in, const GTPSought *flow, int outside) {
        if (way(port, p, in, flow))
            return (int) core;
        if (outside >= 0)
            p->set_anno_u16(GTP_STRIPPED_ANNO_OFFSET, 0);
        const uint8_t tos = outside >= 0 ? (uint8_t) outside : leave(p);
        if (likely(tos == gtp_tos(p->network_header())))
            return (int) out;
        SET_AGGREGATE_ANNO(p, tos);       // the TEID has served
        return (int) marked;
    };
    auto one = [&](Packet *p) {
        if (!large) {
            if (plainly_core(port, p))
                return ++_counts[1], (int) core;
            GTPInner in;
            return inner_of(p, in) ? decide(p, in, nullptr, -1) : (++_counts[1], (int) core);
        }
        Found &x = ahead.of(p, [this](Packet *q, Found &y) { if ((y.ok = inner_of(q, y.in))) _table->seek_flow_slot(y.in, y.flow); },
                            [this](Packet *, Found &y) { if (y.ok) _table->seek_flow(y.in, y.flow); }, [this](Packet *q, Found &y) { if (y.ok) y.tos = tos_outside(q); });
        return x.ok ? decide(p, x.in, &x.flow, x.tos) : (++_counts[1], (int) core);
    };
    auto emit = [this](int i, PacketBatch *b) {
        if (likely(i != marked)) {
            output(i).push_batch(b);
            return;
        }
        FOR_EACH_PACKET_SAFE(b, p) {
            uint8_t tos = (uint8_t) AGGREGATE_ANNO(p);
            mark(p, tos);
        }
    };
    CLASSIFY_EACH_PACKET(3, one, batch, emit);
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
