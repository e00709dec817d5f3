// Which way packets go: out of the tunnel or on to the core, and back to which UE's tunnel.
#include <click/config.h>
#include <clicknet/ip.h>
#include <clicknet/tcp.h>
#include "gtptable.hh"
CLICK_DECLS

GTPTable::Fragment &GTPTable::fragment_slot(const GTPInner &in) { return _fragments[lru_mix(in.fragment_id, (uint32_t) in.protocol) % nfragments]; }

/** Whose datagram a fragment is of: 64 bits of a hash of the addresses. */
static uint64_t datagram_of(const GTPInner &in) {
    const uint64_t k = 0x9E3779B97F4A7C15ULL;
    uint64_t w[4] = {};
    uint32_t size = in.six ? 16 : 4;
    memcpy(w, in.ue, size);
    memcpy(w + 2, in.remote, size);
    uint64_t x = (w[0] * k ^ w[1]) * k, y = (w[2] * k ^ w[3]) * k;
    return ((x ^ x >> 29) * k ^ (y ^ y >> 31)) | 1;
}

bool GTPTable::steer(const GTPInner &in, GTPTunnel up, uint8_t qfi, bool selected, uint8_t &tenant, const GTPSought *flow) {
    uint64_t id = (uint64_t) in.fragment_id << 8 | in.protocol;
    if (unlikely(in.later_fragment)) {
        // It has no ports: it follows the first one, if that came by lately.
        const Fragment &fr = fragment_slot(in);
        if (fr.who != datagram_of(in) || fr.id != id || now() - fr.seen >= fragment_lifetime || !fr.breakout)
            return false;
        tenant = fr.tenant;
        return true;
    }
    bool breakout = false, tcp = in.protocol == IP_PROTO_TCP;
    if (likely(in.has_ports))
        breakout = in.six ? steer_flow(_flows6[!tcp], in.key6(), in, up, qfi, selected, tenant, flow) : steer_flow(_flows[!tcp], in.key4(), in, up, qfi, selected, tenant, flow);
    if (unlikely(in.first_fragment))
        // What follows of this datagram follows it, whichever way; an ID may have been another datagram's a moment ago.
        fragment_slot(in) = Fragment{datagram_of(in), id, now(), breakout, tenant, up};
    return breakout;
}

template <typename K> bool GTPTable::steer_flow(LruTable<K, GTPFlow> &table, const K &k, const GTPInner &in, GTPTunnel up, uint8_t qfi, bool selected, uint8_t &tenant, const GTPSought *x) {
    if (!selected && !table.size())
        return false;                          // as with UDP, of which rules seldom select any
    bool tcp = in.protocol == IP_PROTO_TCP, syn = (in.tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN;
    GTPFlow *flow = x ? table.find_near(x->id, k) : table.find(k);
    if (flow && tcp && syn && flow->closing) {
        tell(k);
        table.erase(k);                        // the port serves another connection now
        flow = nullptr;
    }
    uint32_t t = now();
    if (flow)
        table.touch(flow, t);
    else {
        if (!selected)
            return false;
        if (tcp && !syn) {
            ++_stats.no_syn;                   // began before us: what it was told, it has from the origin
            return false;
        }
        GTPSession *s = _sessions.find(in.session());
        GTPBearer *b = s ? find_uplink(*s, up) : nullptr;
        bool reachable = b && b->down.path && !(b->flags & GTPBearer::stale);
        if (table.size() == table.capacity()) {
            tell(table.key_of(table.oldest()));
            ++_stats.flows_evicted;
        }
        flow = table.insert(k, t);
        // Entered as the core's, too: a retransmitted SYN must not change sides once the origin has seen the first.
        flow->breakout = reachable;
        flow->tenant = tenant;
        flow->up = up;
        ++_stats.flows_created;
        ++(reachable ? _stats.flows_breakout : _stats.flows_core);
        _stats.no_downlink += !reachable;
    }
    if (unlikely(!(flow->up == up) || flow->qfi != qfi || (tcp && in.tcp_flags & (TH_FIN | TH_RST) && !flow->closing))) {
        flow->up = up, flow->qfi = qfi;
        flow->closing |= tcp && (in.tcp_flags & (TH_FIN | TH_RST));
        tell(k);
    }
    flow->last_seen = t;
    tenant = flow->tenant;
    return flow->breakout;
}

void GTPTable::seek_flow_slot(const GTPInner &in, GTPSought &x) const {
    const bool other = in.protocol != IP_PROTO_TCP;
    x = GTPSought{0, 0};
    if (!in.has_ports || none_of(in.six, in.protocol))
        return;
    if (in.six)
        _flows6[other].prefetch_slot(x.hash = _flows6[other].hash(in.key6()));
    else
        _flows[other].prefetch_slot(x.hash = _flows[other].hash(in.key4()));
}

void GTPTable::seek_flow(const GTPInner &in, GTPSought &x) const {
    const bool other = in.protocol != IP_PROTO_TCP;
    if (in.has_ports && !none_of(in.six, in.protocol))
        x.id = in.six ? _flows6[other].prefetch_entry(x.hash) : _flows[other].prefetch_entry(x.hash);
}

void GTPTable::seek_way_session(const GTPInner &in, GTPWaySought &x) const {
    const bool other = in.protocol != IP_PROTO_TCP;
    if (!x.flow.id)
        x.ue.id = _sessions.prefetch_entry(x.ue.hash);
    else if (uint32_t id = in.six ? _flows6[other].at(x.flow.id).session : _flows[other].at(x.flow.id).session)
        _sessions.prefetch(id);
}

inline GTPSession *GTPTable::use_session(GTPSession *s) {
    if (likely(s != nullptr)) {
        _sessions.touch(s, now());
        s->last_seen = now();
    }
    return s;
}

/** The session of a packet to a UE, and its flow; if there is no session, no flow is used. */
template <typename K> GTPSession *GTPTable::back(LruTable<K, GTPFlow> &table, const K &k, const GTPInner &in, const GTPWaySought *x, GTPFlow *&flow) {
    const GTPSessionKey ue = in.session();
    flow = x ? table.find_near(x->flow.id, k) : table.find(k);
    GTPSession *s = flow ? _sessions.find_at(flow->session, ue) : nullptr;
    if (unlikely(!s)) {
        s = x && !x->flow.id ? _sessions.find_near(x->ue.id, ue) : _sessions.find(ue);
        if (flow)
            flow->session = s ? _sessions.id(s) : 0;
    }
    if (unlikely(!use_session(s)))
        return nullptr;
    if (!flow)
        return s;
    table.touch(flow, now());
    flow->last_seen = now();
    if (unlikely(in.protocol == IP_PROTO_TCP && in.tcp_flags & (TH_FIN | TH_RST) && !flow->closing)) {
        flow->closing = true;
        tell(k);
    }
    return s;
}

GTPWayBack GTPTable::way_back(const GTPInner &in, const GTPWaySought *x) {
    GTPWayBack way = {};
    GTPFlow *flow = nullptr;
    const bool other = in.protocol != IP_PROTO_TCP;
    GTPSession *const s = unlikely(!in.has_ports) ? use_session(_sessions.find(in.session()))
                        : in.six ? back(_flows6[other], in.key6(), in, x, flow) : back(_flows[other], in.key4(), in, x, flow);
    if (!s)
        return way;
    const GTPBearer *b = flow ? find_uplink(*s, flow->up) : nullptr;
    if (unlikely(in.first_fragment || in.later_fragment)) {
        uint64_t id = (uint64_t) in.fragment_id << 8 | in.protocol;
        Fragment &fr = fragment_slot(in);
        if (in.later_fragment && fr.who == datagram_of(in) && fr.id == id && now() - fr.seen < fragment_lifetime)
            b = find_uplink(*s, fr.up);
        else if (b)
            fr = Fragment{datagram_of(in), id, now(), true, flow->tenant, flow->up};
    }
    if (!b || !b->down.path) {
        // Unknown flow, or its bearer is gone: any of the UE's tunnels reaches the UE; take the one last used, a stale one last.
        b = nullptr;
        for (int i = 0; i < s->nbearers; ++i) {
            const GTPBearer &x = bearer(*s, i);
            if (!x.down.path)
                continue;
            bool stale = x.flags & GTPBearer::stale, b_stale = b && b->flags & GTPBearer::stale;
            if (!b || (stale == b_stale ? x.used > b->used : b_stale))
                b = &x;
        }
        if (!b)
            return way;
    }
    GTPPath *p = &_paths.at(b->down.path);
    if (p->leg[GTP_DOWNLINK].known == GTPLeg::unknown)
        return way;
    way.bearer = b, way.session = s, way.path = p;
    way.qfi = flow && flow->qfi ? flow->qfi : b->flags & GTPBearer::container ? s->qfi : 0;
    return way;
}

// ---- For a fast path

void GTPTable::credit(GTPSessionKey ue, const GTPPathKey &k, GTPDirection d, bool broken_out, uint64_t packets, uint64_t bytes) {
    GTPSession *s = _sessions.find(ue);
    if (!s)
        return;
    if (broken_out)
        s->set_breakout(s->breakout_packets() + packets, s->breakout_bytes() + bytes);
    else
        s->set_counts(d, s->packets(d) + packets, s->bytes(d) + bytes);
    if (GTPPath *p = _paths.find(k)) {
        (broken_out ? p->breakout_packets : p->packets[d]) += packets;
        (broken_out ? p->breakout_bytes : p->bytes[d]) += bytes;
    }
}

template <typename K> bool GTPTable::view_flow(LruTable<K, GTPFlow> &table, const K &k, GTPSessionKey ue, GTPFlowView &v) {
    v = GTPFlowView();
    GTPFlow *flow = table.find(k);
    GTPSession *s = _sessions.find(ue);
    GTPBearer *b = flow && s ? find_uplink(*s, flow->up) : nullptr;
    if (!b)
        return false;
    v.breakout = flow->breakout, v.closing = flow->closing, v.tenant = flow->tenant;
    v.uplink = end_of(GTP_UPLINK, b->up);
    const GTPPathKey &path = _paths.key_at(b->up.path);
    v.enb = path.enb, v.vlan = path.vlan;
    if (b->down.path && !(b->flags & GTPBearer::stale)) {
        v.downlink = end_of(GTP_DOWNLINK, b->down);
        v.core = _paths.key_at(b->down.path).core;
    }
    return true;
}

bool GTPTable::view(const GTPFlowKey &k, GTPFlowView &v) { return view_flow(_flows[k.proto != IP_PROTO_TCP], k, GTPSessionKey::of4(k.ue), v); }

bool GTPTable::view(const GTPFlowKey6 &k, GTPFlowView &v) {
    return view_flow(_flows6[k.proto != IP_PROTO_TCP], k, GTPSessionKey::of6(reinterpret_cast<const unsigned char *>(k.ue)), v);
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPSteer)
