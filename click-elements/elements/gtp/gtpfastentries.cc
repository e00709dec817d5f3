// GTPFastPath: what is in the kernel, how it comes there, and what makes it void.
#include <click/config.h>
#include "gtpfastpath.hh"
#include "bpf/gtpparse.h"
#include <initializer_list>
CLICK_DECLS

static uint32_t seconds() { return (uint32_t) Timestamp::recent_steady().sec(); }

uint32_t GTPFastPath::Id::hash(uint32_t seed) const {
    uint64_t x = 0;
    uint32_t word[sizeof k / 4];
    memcpy(word, &k, sizeof k);
    for (uint32_t w : word)
        x = (x ^ w) * 0x9E3779B97F4A7C15ULL, x ^= x >> 29;
    return lru_mix(x, seed);
}

// ---- What the table says

namespace {
const uint32_t mapped = htonl(0xFFFF);

void set_flow(gtpfast_key &k, const uint32_t *ue, const uint32_t *remote, uint16_t ue_port, uint16_t remote_port, uint32_t proto) {
    memset(&k, 0, sizeof k);
    memcpy(k.inner_src, ue, 16);
    memcpy(k.inner_dst, remote, 16);
    k.src_port = ue_port, k.dst_port = remote_port;
    k.proto = (uint8_t) proto, k.kind = gtpfast_uplink;
}

void set_flow(gtpfast_key &k, const GTPFlowKey &f) {
    const uint32_t ue[4] = {0, 0, mapped, f.ue}, remote[4] = {0, 0, mapped, f.remote};
    set_flow(k, ue, remote, f.ue_port, f.remote_port, f.proto);
}

void set_flow(gtpfast_key &k, const GTPFlowKey6 &f) {
    uint32_t ue[4], remote[4];
    memcpy(ue, f.ue, 16);
    memcpy(remote, f.remote, 16);
    set_flow(k, ue, remote, f.ue_port, f.remote_port, f.proto);
}
}

/** That of the replies, or of what is replied to. */
GTPFastPath::Id GTPFastPath::other_way(const Id &id) {
    Id x = id;
    memcpy(x.k.inner_src, id.k.inner_dst, 16);
    memcpy(x.k.inner_dst, id.k.inner_src, 16);
    x.k.src_port = id.k.dst_port, x.k.dst_port = id.k.src_port;
    x.k.kind = id.k.kind == gtpfast_uplink ? gtpfast_leg : gtpfast_uplink;
    return x;
}

/** A UE has an IPv4 address or an IPv6 prefix of 64 bits. */
uint16_t GTPFastPath::bucket_of(const uint32_t *ue) {
    return (uint16_t) (lru_mix(is4(ue) ? ue[3] : (uint64_t) ue[0] << 32 | ue[1], 0) % gtpfast_nues);
}

void GTPFastPath::void_flow(const Id &uplink) {
    uninstall(uplink);
    uninstall(other_way(uplink));
}

void GTPFastPath::flow_changed(const GTPFlowKey &f) {
    Id id;
    set_flow(id.k, f);
    void_flow(id);
}

void GTPFastPath::flow_changed(const GTPFlowKey6 &f) {
    Id id;
    set_flow(id.k, f);
    void_flow(id);
}

void GTPFastPath::ue_changed(const GTPAddress &ue) {
    uint32_t a[4];
    memcpy(a, ue.data(), 16);
    if (_kernel)
        __atomic_add_fetch(&_kernel->ues[bucket_of(a)], 1, __ATOMIC_RELEASE);
}

void GTPFastPath::flows_changed() {
    if (_kernel && !__atomic_add_fetch(&_kernel->config->generation, 1, __ATOMIC_RELEASE))
        __atomic_store_n(&_kernel->config->generation, 1, __ATOMIC_RELEASE);
}

int64_t GTPFastPath::idle_seconds(const Id &uplink) {
    uint64_t seen = 0;
    for (const Id &id : {uplink, other_way(uplink)})
        if (Installed *x = _installed.find(id)) {
            const gtpfast_slot &s = _kernel->slot(x->slot);
            if (s.seen_ns > seen)
                seen = s.seen_ns;
        }
    const int64_t idle = Timestamp::recent_steady().nsecval() - (int64_t) seen;
    return !seen ? -1 : idle < 0 ? 0 : idle / Timestamp::nsec_per_sec;
}

int64_t GTPFastPath::idle_seconds(const GTPFlowKey &f) {
    Id id;
    set_flow(id.k, f);
    return idle_seconds(id);
}

int64_t GTPFastPath::idle_seconds(const GTPFlowKey6 &f) {
    Id id;
    set_flow(id.k, f);
    return idle_seconds(id);
}

/** What the table has of the flow that this is a direction of. */
bool GTPFastPath::view(const Id &id, GTPFlowView &v) {
    if (is4(id.ue())) {
        GTPFlowKey f;
        f.ue = id.ue()[3], f.remote = id.remote()[3], f.ue_port = id.ue_port(), f.remote_port = id.remote_port(), f.proto = id.k.proto;
        return _table->view(f, v);
    }
    GTPFlowKey6 f;
    memcpy(f.ue, id.ue(), 16);
    memcpy(f.remote, id.remote(), 16);
    f.ue_port = id.ue_port(), f.remote_port = id.remote_port(), f.proto = id.k.proto;
    return _table->view(f, v);
}

// ---- Entering and removing

bool GTPFastPath::same(const gtpfast_slot &s, const Example &e) const {
    return memcmp(&s.ends, &e.ends, sizeof s.ends) == 0 && s.action == e.action && (e.action == gtpfast_wrap || (s.vlan.tpid == e.vlan[0] && s.vlan.id == e.vlan[1])) && s.to == e.to && s.length == e.length && s.ip_at == e.ip_at && memcmp(s.header, e.header, e.length) == 0;
}

void GTPFastPath::learn(const Example &e) {
    if (Installed *x = _installed.find(e.id)) {
        gtpfast_slot &s = _kernel->slot(x->slot);
        bool holds = same(s, e) && memcmp(&s.key, &e.key, sizeof e.key) == 0;
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
            if (x->rules_generation != _credit.generation()) {
                credit(e.id, *x);
                remember_rule(e, *x);
            }
            renew(s);
            _outcome = seen_renewed;
            _installed.touch(x, seconds());
            return;
        }
        ++_stats.replaced;
        uninstall(e.id);
    }
    uint32_t header = 0;
    for (int i = 0; i < e.length; ++i)
        header = header * 31 + e.header[i];
    for (int i = 0; i < 4; ++i)
        header = (header * 31 + e.ends.src[i]) * 31 + e.ends.dst[i];
    header = (header * 31 + (e.key.teid ^ e.action)) * 31 + ((uint32_t) e.vlan[0] << 16 | e.vlan[1]);
    Candidate *c = _candidates.use(e.id, seconds());
    if (!c)
        c = _candidates.insert(e.id, seconds());
    if (c->header != header)
        c->header = header, c->seen = 0;
    _outcome = seen_example, _examples = ++c->seen;
    if (c->seen >= _packets) {
        _outcome = seen_no_room;
        if (install(e)) {
            _outcome = seen_entered;
            _candidates.erase(e.id);
        }
    }
}

void GTPFastPath::remember_rule(const Example &e, Installed &x) {
    x.rule = e.inner ? _credit.rule_of(e.inner, e.inner_length) : -1;
    x.rules_generation = _credit.generation();
}

/** What it says holds as of now. */
void GTPFastPath::renew(gtpfast_slot &s) {
    const uint64_t now = (uint64_t) Timestamp::recent_steady().nsecval(), lease = _lease * (uint64_t) Timestamp::nsec_per_sec;
    __atomic_store_n(&s.renew_ns, now + lease / 2, __ATOMIC_RELAXED);
    __atomic_store_n(&s.lease_ns, now + lease, __ATOMIC_RELAXED);
    __atomic_store_n(&s.asked, (uint16_t) 0, __ATOMIC_RELAXED);
    __atomic_store_n(&s.ue_generation, (uint32_t) _kernel->ues[s.ue_bucket], __ATOMIC_RELEASE);
    __atomic_store_n(&s.generation, _kernel->config->generation, __ATOMIC_RELEASE);
}

/** A reply is expected to come tagged as what it answers to; where the UE has been silent for long, as what went out there last. False
    if nothing did. */
bool GTPFastPath::expect_on_leg(const Example &e, gtpfast_slot &s) {
    const Installed *x = _installed.find(other_way(e.id));
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
    s.key = e.key, s.number = index;
    s.action = e.action, s.to = e.to, s.length = e.length, s.ip_at = e.ip_at;
    s.ue_bucket = bucket_of(e.id.ue());
    if (e.action != gtpfast_wrap)
        s.vlan.tpid = e.vlan[0], s.vlan.id = e.vlan[1];
    s.plain = is4(e.key.inner_dst) && (e.key.kind == gtpfast_leg || (is4(e.ends.dst) && !e.vlan[0]));
    s.sum = e.sum, s.outer6 = e.outer6, s.ends = e.ends;
    memcpy(s.header, e.header, e.length);
    s.tos[0][0] = e.inner_tos, s.tos[0][1] = e.outer_tos, s.ntos = e.action == gtpfast_wrap;
    renew(s);
    if (!_kernel->enter(index)) {
        s.generation = 0;
        ++_stats.failed;
        return false;
    }
    _rest_head = (_rest_head + 1) % _flows, --_rest_count;
    Installed *x = _installed.insert(e.id, seconds());
    x->slot = index, x->traffic = _kernel->traffic(index), x->packets = x->bytes = 0;
    remember_rule(e, *x);
    ++_stats.installed;
    return true;
}

/** Of what a slot had @a before and has now. */
GTPFastPath::Traffic GTPFastPath::since(uint64_t before, uint64_t traffic) {
    const uint64_t more = traffic - before;
    return Traffic{more / gtpfast_packet, more % gtpfast_packet};
}

/** The path that its packets take. */
static GTPPathKey path_of(const gtpfast_slot &s) {
    uint32_t vlan = (uint32_t) ntohs(s.vlan.tpid) << 16 | ntohs(s.vlan.id);
    if (s.action == gtpfast_wrap)           // of these the header that they get says it
        vlan = s.ip_at == 14 ? 0 : (uint32_t) net16(get16(s.header + 12)) << 16 | (net16(get16(s.header + 14)) & 0xFFF);
    GTPAddress src, dst;
    memcpy(src.word, s.ends.src, 16);
    memcpy(dst.word, s.ends.dst, 16);
    return s.key.kind == gtpfast_uplink ? GTPPathKey{src, dst, vlan, 0} : GTPPathKey{dst, src, vlan, 0};
}

/** What the kernel has forwarded since the last time counts as if it had passed here. */
void GTPFastPath::credit(const Id &id, Installed &x) {
    const gtpfast_slot &s = _kernel->slot(x.slot);
    const uint64_t traffic = _kernel->traffic(x.slot);
    if (traffic == x.traffic)
        return;
    const Traffic more = since(x.traffic, traffic);
    GTPAddress ue;
    memcpy(ue.word, id.ue(), 16);
    GTPDirection d = id.k.kind == gtpfast_uplink ? GTP_UPLINK : GTP_DOWNLINK;
    _table->credit(ue.is4() ? GTPSessionKey::of4(ue.v4()) : GTPSessionKey::of6(ue.data()), path_of(s), d, id.k.kind == gtpfast_leg, more.packets, more.bytes);
    const GTPFastCredit::Way way = d == GTP_UPLINK ? (s.action == gtpfast_strip ? GTPFastCredit::out : GTPFastCredit::core) : s.action == gtpfast_wrap ? GTPFastCredit::back : GTPFastCredit::down;
    _credit.credit(way, more.packets, more.bytes, x.rule, x.rules_generation);
    x.traffic = traffic, x.packets += more.packets, x.bytes += more.bytes;
}

void GTPFastPath::uninstall(const Id &id) {
    Installed *x = _installed.find(id);
    if (!x)
        return;
    __atomic_store_n(&_kernel->slot(x->slot).generation, 0, __ATOMIC_RELEASE);
    _kernel->remove(x->slot);
    credit(id, *x);
    _resting[(int) ((_rest_head + _rest_count++) % _flows)] = Resting{x->slot, Timestamp::recent_steady().nsecval()};
    _installed.erase(id);
    ++_stats.removed;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel GTPTable)
