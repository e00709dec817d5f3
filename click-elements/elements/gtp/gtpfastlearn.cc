// GTPFastPath: what comes out of the slow path, and what the kernel is told to make of it.
#include <click/config.h>
#include "gtpfastpath.hh"
#include "bpf/gtpparse.h"
#include <errno.h>
CLICK_DECLS

uint32_t GTPFastPath::Id::hash(uint32_t seed) const {
    const uint64_t k = 0x9E3779B97F4A7C15ULL;
    return lru_mix((((uint64_t) ue << 32 | a) * k) ^ ((uint64_t) b << 32 | (uint32_t) p << 16 | q) ^ ((uint64_t) kind << 8 | proto) * k, seed);
}

uint16_t GTPFastPath::bucket_of(uint32_t ue) { return (uint16_t) (lru_mix(ue, 0) % gtpfast_nues); }

GTPFastPath::Id GTPFastPath::flow_id(const GTPFlowKey &k, uint8_t kind) {
    Id id = {};
    id.ue = k.ue, id.a = k.remote, id.p = k.ue_port, id.q = k.remote_port;
    id.kind = kind, id.proto = (uint8_t) k.proto;
    return id;
}

// ---- What the table says

void GTPFastPath::flow_changed(const GTPFlowKey &k) {
    uninstall(flow_id(k, gtpfast_uplink));
    uninstall(flow_id(k, gtpfast_leg));
}

void GTPFastPath::ue_changed(const GTPAddress &ue) {
    if (_kernel && ue.is4())
        __atomic_add_fetch(&_kernel->ues[bucket_of(ue.v4())], 1, __ATOMIC_RELEASE);
}

void GTPFastPath::flows_changed() {
    if (_kernel && !__atomic_add_fetch(&_kernel->config->generation, 1, __ATOMIC_RELEASE))
        __atomic_store_n(&_kernel->config->generation, 1, __ATOMIC_RELEASE);
}

int64_t GTPFastPath::idle_seconds(const GTPFlowKey &k) {
    uint64_t seen = 0;
    for (uint8_t kind : {gtpfast_uplink, gtpfast_leg})
        if (Installed *x = _installed.find(flow_id(k, kind))) {
            const gtpfast_slot &s = _kernel->slot(x->slot);
            if (s.seen_ns > seen)
                seen = s.seen_ns;
        }
    const int64_t idle = Timestamp::recent_steady().nsecval() - (int64_t) seen;
    return !seen ? -1 : idle < 0 ? 0 : idle / Timestamp::nsec_per_sec;
}

// ---- Examples

static uint32_t seconds() { return (uint32_t) Timestamp::recent_steady().sec(); }

void GTPFastPath::see(int port, const Packet *p) {
    if (!_active)
        return;                         // since the packet before
    const unsigned char *data = p->data(), *end = p->end_data();
    if (port == gtpfast_ran) see_to_ran(data, end);
    else if (port == gtpfast_core) see_to_core(data, end);
    else see_to_local(data, end);
}

static GTPFlowKey flow_of(const gtpfast_key &k, bool from_ue) {
    GTPFlowKey f;
    f.ue = from_ue ? k.inner_src : k.inner_dst, f.remote = from_ue ? k.inner_dst : k.inner_src;
    f.ue_port = from_ue ? k.src_port : k.dst_port, f.remote_port = from_ue ? k.dst_port : k.src_port;
    f.proto = k.proto;
    return f;
}

/** A G-PDU of a flow that is not broken out: as it was when it came from the RAN. */
void GTPFastPath::see_to_core(const unsigned char *data, const unsigned char *end) {
    Example e;
    memset((void *) &e, 0, sizeof e);
    uint8_t *inside;
    uint32_t room;
    int partial;
    gtpfast_inner i;
    uint8_t *p = gtpfast_network((uint8_t *) data, (uint8_t *) end);
    if (!p || gtpfast_look_at_tunnel(p, (uint8_t *) end, &e.key, &inside, &room, &partial) || gtpfast_look_inside(inside, end, room, &e.key, 1, &i))
        return;
    const GTPFlowKey flow = flow_of(e.key, true);
    GTPFlowView v;
    if (_table->view(flow, v) && (v.breakout || v.closing))
        return;
    e.key.kind = gtpfast_uplink;
    e.id = flow_id(flow, gtpfast_uplink);
    e.action = gtpfast_forward, e.to = gtpfast_core;
    learn(e);
}

/** The UE's own packet, with the Ethernet header that it got. */
void GTPFastPath::see_to_local(const unsigned char *data, const unsigned char *end) {
    Example e;
    memset((void *) &e, 0, sizeof e);
    gtpfast_inner i;
    uint8_t *p = gtpfast_network((uint8_t *) data, (uint8_t *) end);
    if (!p || gtpfast_look_inside(p, end, (uint32_t) (end - p), &e.key, 1, &i))
        return;
    const GTPFlowKey flow = flow_of(e.key, true);
    GTPFlowView v;
    if (!_table->view(flow, v) || !v.breakout || v.closing || !v.uplink || !v.uplink.address.is4() || !v.enb.is4())
        return;
    e.key.kind = gtpfast_uplink;
    e.key.outer_src = v.enb.v4(), e.key.outer_dst = v.uplink.address.v4(), e.key.teid = htonl(v.uplink.teid);
    e.id = flow_id(flow, gtpfast_uplink);
    e.action = gtpfast_strip, e.to = gtpfast_local;
    e.length = (uint8_t) (p - data);
    memcpy(e.header, data, e.length);
    memcpy(_leg, data, _leg_length = e.length);
    learn(e);
}

/** Of a flow that is broken out, it was put into its tunnel here; else it came so from the core. */
void GTPFastPath::see_to_ran(const unsigned char *data, const unsigned char *end) {
    Example e;
    memset((void *) &e, 0, sizeof e);
    uint8_t *inside;
    uint32_t room;
    int partial;
    gtpfast_inner i;
    uint8_t *p = gtpfast_network((uint8_t *) data, (uint8_t *) end);
    if (!p || gtpfast_look_at_tunnel(p, (uint8_t *) end, &e.key, &inside, &room, &partial))
        return;
    gtpfast_key tunnel = e.key;
    if (gtpfast_look_inside(inside, end, room, &e.key, 0, &i))
        return;
    const GTPFlowKey flow = flow_of(e.key, false);
    GTPFlowView v;
    if (_table->view(flow, v) && v.breakout) {
        const uint32_t length = (uint32_t) (inside - data);
        // Sequence numbers are one packet's, and so is a sum over what is inside.
        if (v.closing || length > gtpfast_header || (p[28] & 3) || get16(p + 26) || !v.downlink || !v.downlink.address.is4() || !v.core.is4()
            || v.downlink.address.v4() != e.key.outer_dst || v.core.v4() != e.key.outer_src || htonl(v.downlink.teid) != e.key.teid)
            return;
        e.key.outer_src = e.key.outer_dst = e.key.teid = 0;
        e.key.kind = gtpfast_leg;
        e.id = flow_id(flow, gtpfast_leg);
        e.action = gtpfast_wrap, e.to = gtpfast_ran;
        e.length = (uint8_t) length, e.ip_at = (uint8_t) (p - data);
        e.inner_tos = i.tos, e.outer_tos = p[1];
        memcpy(e.header, data, length);
        // What the kernel fills in: DSCP and ECN, lengths, ID, checksum.
        uint8_t *h = e.header + e.ip_at;
        h[1] = 0;
        for (int at : {2, 4, 10, 24, 30})
            h[at] = h[at + 1] = 0;
        for (int at = 0; at < 20; at += 2)
            e.sum += (uint32_t) h[at] << 8 | h[at + 1];
    } else {
        tunnel.kind = gtpfast_downlink, tunnel.inner_dst = flow.ue;
        e.key = tunnel;
        e.id.ue = flow.ue, e.id.a = tunnel.outer_src, e.id.b = tunnel.outer_dst, e.id.kind = gtpfast_downlink;
        memcpy(&e.id.p, &tunnel.teid, 2);
        memcpy(&e.id.q, (const char *) &tunnel.teid + 2, 2);
        e.action = gtpfast_forward, e.to = gtpfast_ran;
    }
    learn(e);
}

// ---- Entering and removing

bool GTPFastPath::same(const gtpfast_slot &s, const Example &e) const {
    return s.action == e.action && s.to == e.to && s.length == e.length && s.ip_at == e.ip_at && memcmp(s.header, e.header, e.length) == 0;
}

void GTPFastPath::learn(const Example &e) {
    if (Installed *x = _installed.find(e.id)) {
        gtpfast_slot &s = _kernel->slot(x->slot);
        bool holds = same(s, e) && memcmp(&x->key, &e.key, sizeof e.key) == 0;
        int n = 0;
        if (holds && e.action == gtpfast_wrap) {
            while (n < s.ntos && s.tos[n][0] != e.inner_tos) ++n;
            holds = n == s.ntos || s.tos[n][1] == e.outer_tos;
        }
        if (holds) {
            if (e.action == gtpfast_wrap && n == s.ntos && n < gtpfast_ntos) {
                s.tos[n][0] = e.inner_tos, s.tos[n][1] = e.outer_tos;
                __atomic_store_n(&s.ntos, (uint8_t) (n + 1), __ATOMIC_RELEASE);
            }
            renew(s);
            _installed.touch(x, seconds());
            return;
        }
        ++_stats.replaced;
        uninstall(e.id);
    }
    uint32_t header = 0;
    for (int i = 0; i < e.length; ++i)
        header = header * 31 + e.header[i];
    header ^= e.key.outer_src ^ e.key.outer_dst ^ e.key.teid ^ e.action;
    Candidate *c = _candidates.use(e.id, seconds());
    if (!c)
        c = _candidates.insert(e.id, seconds());
    if (c->header != header)
        c->header = header, c->seen = 0;
    if (++c->seen >= _packets) {
        if (install(e))
            _candidates.erase(e.id);
    }
}

/** What it says holds as of now. */
void GTPFastPath::renew(gtpfast_slot &s) {
    const uint64_t now = (uint64_t) Timestamp::recent_steady().nsecval(), lease = _lease * (uint64_t) Timestamp::nsec_per_sec;
    __atomic_store_n(&s.renew_ns, now + lease / 2, __ATOMIC_RELAXED);
    __atomic_store_n(&s.lease_ns, now + lease, __ATOMIC_RELAXED);
    __atomic_store_n(&s.asked, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&s.ue_generation, (uint32_t) _kernel->ues[s.ue_bucket], __ATOMIC_RELEASE);
    __atomic_store_n(&s.generation, _kernel->config->generation, __ATOMIC_RELEASE);
}

/** A reply is expected to come tagged as what it answers to; where the UE has been silent for long, as what went out there last. False
    if nothing did. */
bool GTPFastPath::expect_on_leg(const Example &e, gtpfast_slot &s) {
    Id up = e.id;
    up.kind = gtpfast_uplink;
    const Installed *x = _installed.find(up);
    const gtpfast_slot *out = x ? &_kernel->slot(x->slot) : nullptr;
    const bool found = out && out->action == gtpfast_strip;
    const unsigned char *header = found ? out->header : _leg;
    s.leg_length = found ? out->length : _leg_length;
    memcpy(&s.leg_tag[0], header + 14, 2);
    memcpy(&s.leg_tag[1], header + 18, 2);
    return s.leg_length;
}

bool GTPFastPath::install(const Example &e) {
    const int64_t now = Timestamp::recent_steady().nsecval();
    if (!_rest_count || now - _resting[(int) _rest_head].since_ns < rest_ms * (int64_t) 1000000) {
        ++_stats.full;
        return false;
    }
    const uint32_t index = _resting[(int) _rest_head].slot;
    gtpfast_slot &s = _kernel->slot(index);
    memset((void *) &s, 0, sizeof s);
    if (e.action == gtpfast_wrap && !expect_on_leg(e, s))
        return false;
    s.action = e.action, s.to = e.to, s.length = e.length, s.ip_at = e.ip_at;
    s.ue_bucket = bucket_of(e.id.ue);
    s.sum = e.sum;
    memcpy(s.header, e.header, e.length);
    s.tos[0][0] = e.inner_tos, s.tos[0][1] = e.outer_tos, s.ntos = e.action == gtpfast_wrap;
    renew(s);
    if (int error = _kernel->put(e.key, index)) {
        s.generation = 0;
        ++_stats.failed;
        if (error == -EPERM) {
            stop("this kernel lets nobody without CAP_BPF enter flows (Linux 5.19 does)");
            delete _kernel;
            _kernel = nullptr;
        }
        return false;
    }
    _rest_head = (_rest_head + 1) % _flows, --_rest_count;
    Installed *x = _installed.insert(e.id, seconds());
    x->key = e.key, x->slot = index;
    ++_stats.installed;
    return true;
}

void GTPFastPath::uninstall(const Id &id) {
    Installed *x = _installed.find(id);
    if (!x)
        return;
    __atomic_store_n(&_kernel->slot(x->slot).generation, 0, __ATOMIC_RELEASE);
    _kernel->remove(x->key);
    _resting[(int) ((_rest_head + _rest_count++) % _flows)] = Resting{x->slot, Timestamp::recent_steady().nsecval()};
    _installed.erase(id);
    ++_stats.removed;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel GTPTable)
