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

bool GTPTable::steer(const GTPInner &in, GTPTunnel up, uint8_t qfi, bool selected, uint8_t &tenant, const uint32_t *flow_hash) {
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
        breakout = in.six ? steer_flow(_flows6[!tcp], in.key6(), in, up, qfi, selected, tenant, flow_hash) : steer_flow(_flows[!tcp], in.key4(), in, up, qfi, selected, tenant, flow_hash);
    if (unlikely(in.first_fragment))
        // What follows of this datagram follows it, whichever way; an ID may have been another datagram's a moment ago.
        fragment_slot(in) = Fragment{datagram_of(in), id, now(), breakout, tenant, up};
    return breakout;
}

template <typename K> bool GTPTable::steer_flow(LruTable<K, GTPFlow> &table, const K &k, const GTPInner &in, GTPTunnel up, uint8_t qfi, bool selected, uint8_t &tenant, const uint32_t *hash) {
    if (!selected && !table.size())
        return false;                          // as with UDP, of which rules seldom select any
    bool tcp = in.protocol == IP_PROTO_TCP, syn = (in.tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN;
    GTPFlow *flow = hash ? table.find(k, *hash) : table.find(k);
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

uint32_t GTPTable::prefetch_flow_slot(const GTPInner &in) const {
    if (!in.has_ports)
        return 0;
    const bool other = in.protocol != IP_PROTO_TCP;
    const uint32_t hash = in.six ? _flows6[other].hash(in.key6()) : _flows[other].hash(in.key4());
    if (in.six)
        _flows6[other].prefetch_slot(hash);
    else
        _flows[other].prefetch_slot(hash);
    return hash;
}

void GTPTable::prefetch_flow(const GTPInner &in, uint32_t hash) const {
    if (!in.has_ports)
        return;
    const bool other = in.protocol != IP_PROTO_TCP;
    if (in.six)
        _flows6[other].prefetch_entry(hash);
    else
        _flows[other].prefetch_entry(hash);
}

template <typename K> GTPFlow *GTPTable::use_flow(LruTable<K, GTPFlow> &table, const K &k, const GTPInner &in, const uint32_t *hash) {
    GTPFlow *flow = hash ? table.use(k, *hash, now()) : table.use(k, now());
    if (!flow)
        return nullptr;
    flow->last_seen = now();
    if (unlikely(in.protocol == IP_PROTO_TCP && in.tcp_flags & (TH_FIN | TH_RST) && !flow->closing)) {
        flow->closing = true;
        tell(k);
    }
    return flow;
}

GTPWayBack GTPTable::way_back(const GTPInner &in, const GTPHashes *hashes) {
    GTPWayBack way = {};
    GTPSession *s = hashes ? _sessions.use(in.session(), hashes->ue, now()) : _sessions.use(in.session(), now());
    if (!s)
        return way;
    s->last_seen = now();
    GTPFlow *flow = nullptr;
    if (likely(in.has_ports)) {
        bool other = in.protocol != IP_PROTO_TCP;
        const uint32_t *hash = hashes ? &hashes->flow : nullptr;
        flow = in.six ? use_flow(_flows6[other], in.key6(), in, hash) : use_flow(_flows[other], in.key4(), in, hash);
    }
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

void GTPTable::credit(GTPSessionKey ue, GTPDirection d, bool broken_out, uint32_t teid, uint64_t packets, uint64_t bytes) {
    GTPSession *s = _sessions.find(ue);
    if (!s)
        return;
    uint32_t path = 0;
    for (int i = 0; i < s->nbearers; ++i) {
        const GTPBearer &b = bearer(*s, i);
        const GTPTunnel &t = d == GTP_UPLINK ? b.up : b.down;
        if (t.path && (broken_out || t.teid == teid)) {
            path = t.path;
            break;
        }
    }
    if (broken_out)
        s->breakout_packets += packets, s->breakout_bytes += bytes;
    else
        s->set_counts(d, s->packets(d) + packets, s->bytes(d) + bytes);
    if (!path)
        return;
    GTPPath &p = _paths.at(path);
    (broken_out ? p.breakout_packets : p.packets[d]) += packets;
    (broken_out ? p.breakout_bytes : p.bytes[d]) += bytes;
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
    v.enb = _paths.key_at(b->up.path).enb;
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
