#include <click/config.h>
#include <click/error.hh>
#include <click/ipaddress.hh>
#include <click/straccum.hh>
#include <clicknet/ip.h>
#include <clicknet/ip6.h>
#include "gtpdecap.hh"
#include "elements/gtp/gtplookahead.hh"
#include "elements/gtp/gtptrace.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int GTPDecap::configure(Vector<String> &conf, ErrorHandler *errh) {
    String direction, malformed = "pass";
    if (Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).read_mp("DIRECTION", WordArg(), direction)
            .read("MALFORMED", WordArg(), malformed).complete() < 0)
        return -1;
    direction = direction.upper(), malformed = malformed.lower();
    if (direction != "UPLINK" && direction != "DOWNLINK")
        return errh->error("DIRECTION must be UPLINK or DOWNLINK");
    if (malformed != "pass" && malformed != "drop")
        return errh->error("MALFORMED must be pass or drop");
    _direction = direction == "UPLINK" ? GTP_UPLINK : GTP_DOWNLINK;
    _tunnels.set_direction(_direction);
    _drop_malformed = malformed == "drop";
    return 0;
}

inline void GTPDecap::look(Packet *p, Found &x) const {
    gtp_parse(p->data(), p->length(), x.f);
    if (likely(x.f.verdict == GTP_GPDU))
        x.ue = GTPTable::ue_of(_direction, x.f, p->data());
}

inline int GTPDecap::take(Packet *p, const Found &x, const uint32_t *hash) {
    const GTPFrame &f = x.f;
    ++_counts[f.verdict];
    _table->count_verdict(_direction, f.verdict);
    GTPTrace *const trace = _table->tracing();
    if (f.verdict != GTP_GPDU) {
        const bool dropped = _drop_malformed && gtp_malformed(f.verdict);
        if (unlikely(trace))
            trace->not_gpdu(p, _direction, f, dropped);
        return dropped ? -1 : 1;
    }
    uint32_t path = likely(!trace) ? _table->learn(_direction, f, p->data(), x.ue, hash, hash ? nullptr : &_tunnels, hash ? &_paths : nullptr) : trace->learn(p, _direction, f, x.ue, hash);
    strip(p, f.inner, path, f.teid, f.has_qfi ? 0x80 | f.qfi : 0);
    if (unlikely(f.inner6)) {
        p->set_ip6_header(reinterpret_cast<const click_ip6 *>(p->data()), 40);
        memcpy(p->anno_u8() + DST_IP6_ANNO_OFFSET, p->data() + 24, 16);
    } else {
        const click_ip *iph = reinterpret_cast<const click_ip *>(p->data());
        p->set_ip_header(iph, f.inner_header_length);
        p->set_dst_ip_anno(IPAddress(iph->ip_dst));
    }
    return 0;
}

inline void GTPDecap::strip(Packet *p, uint32_t inner, uint32_t path, uint32_t teid, uint8_t qfi) {
    p->pull(inner);
    p->set_anno_u8(GTP_QFI_ANNO_OFFSET, qfi);
    p->set_anno_u16(GTP_STRIPPED_ANNO_OFFSET, (uint16_t) inner);
    p->set_anno_u16(GTP_PATH_ANNO_OFFSET, (uint16_t) path);
    SET_AGGREGATE_ANNO(p, teid);
}

inline void GTPDecap::strip_plain(Packet *p, uint32_t path, uint32_t teid) {
    strip(p, GTPPlain::inner, path, teid, 0);
    const click_ip *iph = reinterpret_cast<const click_ip *>(p->data());
    p->set_ip_header(iph, 20);
    p->set_dst_ip_anno(IPAddress(iph->ip_dst));
}

/** A packet like the last one of its tunnel. False if it is not, or has to be looked at closely. */
__attribute__((always_inline)) inline bool GTPDecap::again(Packet *p, uint32_t now) {
    const unsigned char *d = p->data();
    const GTPTunnelCache::Entry *e = _tunnels.find(d, p->length(), _table->generation());
    if (!e)
        return false;
    const uint32_t path = e->path, teid = ntohl(e->teid);
    const GTPDirection way = _direction;
    if (!_table->learn_again(way, *e, GTPPlain::inner_bytes(d), now))
        return false;
    ++_counts[GTP_GPDU];
    _table->count_verdict(way, GTP_GPDU);
    strip_plain(p, path, teid);
    return true;
}

int GTPDecap::classify(Packet *p) {
    return again(p, _table->now()) ? 0 : study(p);
}

inline void GTPDecap::emit(int o, PacketBatch *b) {
    if (unlikely(o == 2))
        b->kill();
    else
        output(o).push_batch(b);
}

int GTPDecap::study(Packet *p) {
    Found x;
    look(p, x);
    return take(p, x, nullptr);
}

void GTPDecap::push_batch(int, PacketBatch *batch) {
    if (_table->large()) {
        push_ahead(batch);
        return;
    }
    const uint32_t now = _table->now();
    auto way = [this, now](Packet *p) { return likely(again(p, now)) ? 0 : study(p); };
    CLASSIFY_EACH_PACKET(3, way, batch, [this](int o, PacketBatch *b) { emit(o, b); });
}

/** Asks for the slot of its session. One that seems to be plain is not looked at more closely before: that would delay all that memory is asked for. */
inline void GTPDecap::look_ahead(Packet *p, Ahead &x) const {
    if (likely(x.plain = GTPPlain::seems(p->data(), p->length()))) {
        x.ue = GTPPlain::word(p->data(), GTPPlain::ue_at(_direction));
        x.hash = _table->hash(GTPSessionKey::of4(x.ue));
        _table->prefetch_slot(x.hash);
    } else
        parse_ahead(p, x);
}

/** The same of one that is not plain, or in a path that is not known. */
inline void GTPDecap::parse_ahead(Packet *p, Ahead &x) const {
    Found y;
    look(p, y);
    x.path = nullptr;
    x.hash = y.f.verdict == GTP_GPDU ? _table->hash(y.ue) : 0;
    _table->prefetch_slot(x.hash);
}

/** What is done with a plain one whose path is known, whatever its session is, while that comes from memory. False if it seemed plain and is another, of whose session
    the slot is asked for now. */
inline bool GTPDecap::strip_ahead(Packet *p, Ahead &x) const {
    if (unlikely(!x.plain))
        return true;
    const unsigned char *d = p->data();
    if (const GTPPathCache::Entry *e = _paths.find(d, p->length(), _table->generation())) {
        x.path = e->at_path, x.number = e->path, x.generation = e->generation;
        strip_plain(p, x.number, ntohl(GTPPlain::teid(d)));
        return true;
    }
    parse_ahead(p, x);
    return false;
}

__attribute__((always_inline)) inline int GTPDecap::take_ahead(Packet *p, const Ahead &x, uint32_t now) {
    if (likely(x.path)) {
        const unsigned char *d = p->data() - GTPPlain::inner;
        const GTPTunnel tunnel = {AGGREGATE_ANNO(p), x.number};
        if (likely(x.generation == _table->generation() && _table->learn_again(_direction, GTPSessionKey::of4(x.ue), GTPSought{x.hash, x.id}, tunnel, x.path, GTPPlain::inner_bytes(d), now))) {
            ++_counts[GTP_GPDU];
            _table->count_verdict(_direction, GTP_GPDU);
            return 0;
        }
        p = p->nonunique_push(GTPPlain::inner);
    }
    return take_slowly(p, x.hash);
}

/** One that was looked at ahead, but is not as was thought. */
int GTPDecap::take_slowly(Packet *p, uint32_t hash) {
    Found y;
    look(p, y);
    const int o = take(p, y, &hash);
    return o < 0 ? 2 : o;
}

/** The same with a look ahead, in a table that is not in the cache. */
void GTPDecap::push_ahead(PacketBatch *batch) {
    GTPLookAhead<Ahead> ahead;
    const uint32_t now = _table->now();
    bool others = false;
    auto seek = [this](Packet *p, Ahead &x) { look_ahead(p, x); };
    auto ask = [this](Packet *, Ahead &x) { x.id = _table->prefetch_session(x.hash); };
    auto strip = [this, &others](Packet *p, Ahead &x) { others |= !strip_ahead(p, x); };
    auto ask_again = [this, &others](Packet *, Ahead &x) { if (unlikely(others) && !x.path) _table->prefetch_session(x.hash); };
    int outs = 0;
    auto take = [this, now, &outs](Packet *p, Ahead &x) { outs |= x.out = take_ahead(p, x, now); };
    // Most batches are G-PDUs only.
    if (likely(ahead.look(batch, seek, ask, strip, ask_again, take) == batch->count() && !outs)) {
        output(0).push_batch(batch);
        return;
    }
    auto way = [&](Packet *p) { return ahead.of(p, seek, ask, strip, ask_again, take).out; };
    CLASSIFY_EACH_PACKET(3, way, batch, [this](int o, PacketBatch *b) { emit(o, b); });
}

String GTPDecap::read(Element *e, void *data) {
    GTPDecap *d = static_cast<GTPDecap *>(e);
    uint64_t malformed = 0;
    StringAccum sa;
    for (int v = 0; v < GTP_NVERDICTS; ++v) {
        malformed += gtp_malformed((GTPVerdict) v) ? d->_counts[v] : 0;
        sa << gtp_reason_name((GTPVerdict) v) << '\t' << d->_counts[v] << '\n';
    }
    return !data ? String(d->_counts[GTP_GPDU]) : (uintptr_t) data == 1 ? String(malformed) : sa.take_string();
}

int GTPDecap::reset(const String &, Element *e, void *, ErrorHandler *) {
    GTPDecap *d = static_cast<GTPDecap *>(e);
    memset(d->_counts, 0, sizeof d->_counts);
    return 0;
}

void GTPDecap::add_handlers() {
    add_read_handler("count", read, 0);
    add_read_handler("malformed", read, 1);
    add_read_handler("counts", read, 2);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable)
EXPORT_ELEMENT(GTPDecap)
