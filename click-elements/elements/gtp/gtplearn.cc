// What the table learns from G-PDUs. What it is told is in gtptold.cc.
#include <click/config.h>
#include <clicknet/ip.h>
#include "gtptable.hh"
CLICK_DECLS

// ---- Paths

static uint32_t vlan_of(const GTPFrame &f) { return f.vlan_tpid ? (uint32_t) f.vlan_tpid << 16 | (f.vlan_tci & 0xFFF) : 0; }

static GTPPathKey path_key(GTPDirection d, const GTPFrame &f) {
    return d == GTP_UPLINK ? GTPPathKey{f.src, f.dst, vlan_of(f), 0} : GTPPathKey{f.dst, f.src, vlan_of(f), 0};
}

inline void GTPTable::learn_leg(GTPPath &p, GTPDirection d, const GTPFrame &f, const unsigned char *frame) {
    p.last_seen = now();
    const GTPLeg &leg = p.leg[d];
    if (unlikely(leg.known != GTPLeg::seen || leg.vlan_tci != f.vlan_tci || memcmp(leg.dst, frame, 6) || memcmp(leg.src, frame + 6, 6)))
        new_leg(p, d, f, frame);
}

GTPPath *GTPTable::path(const GTPPathKey &k) {
    if (GTPPath *p = _paths.use(k, now()))
        return p;
    if (_paths.size() == _paths.capacity()) {
        // One that nothing lies in makes room. Who floods us with new ones does not make us look at all of them each time.
        GTPPath *p = _paths.oldest();
        for (int i = 0; i < 8 && p && p->references; ++i)
            p = _paths.next_newer(p);
        if (!p || p->references) {
            ++_stats.paths_refused;
            return nullptr;
        }
        GTPPathKey old = _paths.key_of(p);
        _paths.erase(old);
    }
    ++_changes;
    return _paths.insert(k, now());
}

GTPPath *GTPTable::path_of(GTPDirection d, const GTPFrame &f, const unsigned char *frame) {
    GTPPath *p = path(path_key(d, f));
    if (p)
        learn_leg(*p, d, f, frame);
    return p;
}

/** Does this path lead where the frame came from? */
bool GTPTable::in_path(uint32_t number, GTPDirection d, const GTPFrame &f) const {
    if (!number)
        return false;
    const GTPPathKey &k = _paths.key_at(number);
    return d == GTP_UPLINK ? k.enb == f.src && k.core == f.dst && k.vlan == vlan_of(f) : k.enb == f.dst && k.core == f.src && k.vlan == vlan_of(f);
}

void GTPTable::new_leg(GTPPath &p, GTPDirection d, const GTPFrame &f, const unsigned char *frame) {
    ++_generation;
    GTPLeg &leg = p.leg[d], &back = p.leg[!d];
    ++_changes;
    memcpy(leg.dst, frame, 6);
    memcpy(leg.src, frame + 6, 6);
    leg.vlan_tci = f.vlan_tci;
    leg.known = GTPLeg::seen;
    if (back.known != GTPLeg::seen) {
        memcpy(back.dst, leg.src, 6);
        memcpy(back.src, leg.dst, 6);
        back.vlan_tci = leg.vlan_tci;
        back.known = GTPLeg::assumed;
    }
}

// ---- Sessions and bearers

GTPSession *GTPTable::new_session(GTPSessionKey k) {
    if (_sessions.size() == _sessions.capacity()) {
        drop_session(_sessions.oldest());
        ++_stats.sessions_evicted;
    }
    ++_stats.sessions_created;
    GTPSession *s = _sessions.insert(k, now());
    s->last_seen = now();
    return s;
}

void GTPTable::drop_session(GTPSession *s) {
    ++_generation;
    for (int i = 0; i < s->nbearers; ++i) {
        set_tunnel(*s, bearer(*s, i), GTP_UPLINK, GTPTunnel{0, 0});
        set_tunnel(*s, bearer(*s, i), GTP_DOWNLINK, GTPTunnel{0, 0});
    }
    if (s->more)
        _more_free.push_back(s->more);
    ue_changed(*s);
    GTPSessionKey k = _sessions.key_of(s);
    _sessions.erase(k);
}

/** Puts a tunnel into a bearer: the path keeps count, the index knows where it ends. */
void GTPTable::set_tunnel(GTPSession &s, GTPBearer &b, GTPDirection d, GTPTunnel t) {
    GTPTunnel &now_is = d == GTP_UPLINK ? b.up : b.down;
    if (now_is == t)
        return;
    ++_generation;
    if (now_is.path) {
        _tunnels[d].erase(end_of(d, now_is), _sessions.id(&s));
        --_paths.at(now_is.path).references;
    }
    now_is = t;
    ++_changes;
    if (t.path) {
        ++_paths.at(t.path).references;
        _tunnels[d].insert(end_of(d, t), _sessions.id(&s));
    }
}

GTPBearer *GTPTable::find_uplink(GTPSession &s, GTPTunnel t) {
    for (int i = 0; i < s.nbearers; ++i)
        if (bearer(s, i).up == t)
            return &bearer(s, i);
    return nullptr;
}

GTPBearer *GTPTable::new_bearer(GTPSession &s) {
    GTPBearer *b = nullptr;
    bool room = s.nbearers < GTPSession::max_bearers;
    if (room && s.nbearers && !s.more) {
        if (_more_free.size())
            s.more = _more_free.back(), _more_free.pop_back();
        else if (_more_used < _more_capacity)
            s.more = ++_more_used;
        room = s.more;
    }
    if (room)
        b = &bearer(s, s.nbearers++);
    else {
        b = &s.first;
        for (int i = 1; i < s.nbearers; ++i)
            if (bearer(s, i).used < b->used)
                b = &bearer(s, i);
        set_tunnel(s, *b, GTP_UPLINK, GTPTunnel{0, 0});
        set_tunnel(s, *b, GTP_DOWNLINK, GTPTunnel{0, 0});
        ++_stats.bearers_replaced;
        ue_changed(s);
    }
    memset((void *) b, 0, sizeof *b);
    return b;
}

void GTPTable::drop_bearer(GTPSession &s, GTPBearer *b) {
    set_tunnel(s, *b, GTP_UPLINK, GTPTunnel{0, 0});
    set_tunnel(s, *b, GTP_DOWNLINK, GTPTunnel{0, 0});
    ++_generation;
    *b = bearer(s, s.nbearers - 1);
    if (!--s.nbearers)
        drop_session(&s);
    else
        ue_changed(s);
}

/** Where its tunnels lead has changed: what was concluded from that elsewhere is void. */
void GTPTable::ue_changed(const GTPSession &s) {
    ++_changes;
    if (_watchers.size()) {
        GTPAddress a = _sessions.key_of(&s).address();
        for (GTPFlowWatcher *w : _watchers)
            w->ue_changed(a);
    }
}

// ---- Learning from G-PDUs

uint32_t GTPTable::learn(GTPDirection d, const GTPFrame &f, const unsigned char *frame, GTPSessionKey ue, const uint32_t *hash, GTPTunnelCache *tunnels, GTPPathCache *paths) {
    if (unlikely(!ue.usable()))
        return 0;
    uint32_t t = now();
    GTPSession *s = hash ? _sessions.use(ue, *hash, t) : _sessions.use(ue, t);
    GTPBearer *b = nullptr;
    if (likely(s != nullptr)) {
        for (int i = 0; i < s->nbearers; ++i) {
            GTPBearer &x = bearer(*s, i);
            const GTPTunnel &tunnel = d == GTP_UPLINK ? x.up : x.down;
            if (tunnel.teid == f.teid && in_path(tunnel.path, d, f)) {
                b = &x;
                break;
            }
        }
    }
    GTPPath *p;
    if (likely(b != nullptr))
        p = &_paths.at(d == GTP_UPLINK ? b->up.path : b->down.path);
    else {
        if (!(p = path(path_key(d, f))))
            return 0;
        if (!s)
            s = new_session(ue);
    }
    learn_leg(*p, d, f, frame);
    uint32_t bytes = f.end - f.inner, number = _paths.id(p);
    if (tunnels && b)
        tunnels->note(frame, f, _generation, number, s, b, p);
    else if (paths)
        paths->note(frame, f, _generation, number, p);
    s->last_seen = t;
    if (unlikely(f.has_qfi))
        s->qfi = 0x80 | f.qfi;
    s->count(d, bytes);
    ++p->packets[d], p->bytes[d] += bytes;
    if (d == GTP_UPLINK) {
        if (unlikely(!b || b->flags & GTPBearer::stale))
            learn_uplink(*s, b, f.teid, number);
        else
            b->used = t;
    } else if (unlikely(!b))
        learn_downlink(*s, b, f, number, frame + f.inner);
    else
        b->flags = (uint8_t) ((b->flags & ~(GTPBearer::container | GTPBearer::sequenced)) | (f.has_qfi ? GTPBearer::container : 0) | (f.flags & GTPU_S ? GTPBearer::sequenced : 0));
    return number;
}

/** @a b: the bearer if this is its tunnel, else null. */
void GTPTable::learn_uplink(GTPSession &s, GTPBearer *b, uint32_t teid, uint32_t number) {
    GTPPathKey here = _paths.key_at(number);
    bool fresh = !b;
    for (int i = 0; i < s.nbearers && !b; ++i) {
        GTPBearer &x = bearer(s, i);
        if (x.up.path && x.up.teid == teid && _paths.key_at(x.up.path).core == here.core) {
            // The UE is behind another eNB now (TS 23.401 §5.5.1.1): the downlink tunnel that went to the old one ends
            // with the path switch, and where the new one is, the core's next packet will tell.
            b = &x;
            if (b->down.path && _paths.key_at(b->down.path).enb == _paths.key_at(b->up.path).enb)
                b->flags |= GTPBearer::stale;
            ++_stats.moved_up;
        }
    }
    if (!b) {
        // Seen from the core first, with the same ends if there is such a one. But a tunnel that goes to another eNB is no half of this.
        for (int i = 0; i < s.nbearers && !b; ++i) {
            GTPBearer &x = bearer(s, i);
            if (!x.up.path && (!x.down.path || _paths.key_at(x.down.path).enb == here.enb))
                b = &x;
        }
        if (!b)
            b = new_bearer(s);
        // All its tunnels to other eNBs are of the past, or another UE's with the same address: that one's packets will say so.
        for (int i = 0; i < s.nbearers; ++i) {
            GTPBearer &x = bearer(s, i);
            if (&x != b && x.down.path && _paths.key_at(x.down.path).enb != here.enb)
                x.flags |= GTPBearer::stale;
        }
    }
    set_tunnel(s, *b, GTP_UPLINK, GTPTunnel{teid, number});
    b->used = now();
    if (b->down.path && _paths.key_at(b->down.path).enb == here.enb && !(b->flags & GTPBearer::idle))
        b->flags &= (uint8_t) ~GTPBearer::stale;
    if (fresh) {
        use_announced(s, *b);
        ue_changed(s);
    }
}

void GTPTable::learn_downlink(GTPSession &s, GTPBearer *b, const GTPFrame &f, uint32_t number, const unsigned char *inner) {
    const GTPPathKey here = _paths.key_at(number);
    int best = -1;
    for (int i = 0; i < s.nbearers; ++i) {
        GTPBearer &x = bearer(s, i);
        int score = 0;
        if (!x.down.path)
            score = 2 + (x.up.path && _paths.key_at(x.up.path).enb == here.enb) + (x.up.path && _paths.key_at(x.up.path).core == here.core);
        if (score > best || (score == best && x.used > b->used))
            best = score, b = &x;
    }
    if (b && b->down.path) {
        // None is without: it has moved. Which one did, its flow tells.
        if (s.nbearers > 1) {
            GTPInner in;
            gtp_inner(inner, f.end - f.inner, false, in);
            bool tcp = in.protocol == IP_PROTO_TCP;
            GTPFlow *flow = !in.has_ports ? nullptr : in.six ? _flows6[!tcp].find(in.key6()) : _flows[!tcp].find(in.key4());
            if (GTPBearer *of_flow = flow ? find_uplink(s, flow->up) : nullptr)
                b = of_flow;
        }
        ++_stats.moved_down;
    }
    if (!b)
        b = new_bearer(s);
    set_tunnel(s, *b, GTP_DOWNLINK, GTPTunnel{f.teid, number});
    b->flags = (uint8_t) ((f.has_qfi ? GTPBearer::container : 0) | (f.flags & GTPU_S ? GTPBearer::sequenced : 0) | (b->flags & GTPBearer::announced));
    ue_changed(s);
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPLearn)
