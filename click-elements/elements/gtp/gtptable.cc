// The session table: learning, steering, expiry. Its text formats are in gtpstate.cc.
#include <click/config.h>
#include <click/error.hh>
#include <clicknet/icmp.h>
#include <click/glue.hh>
#include "gtptable.hh"
#include <click/args.hh>
#include <clicknet/tcp.h>
CLICK_DECLS

int GTPTable::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_p("CAPACITY", BoundedIntArg(1, 1 << 24), _capacity).read_p("TIMEOUT", SecondsArg(), _timeout)
        .read("FLOWS", BoundedIntArg(1, 1 << 24), _flow_capacity).read("TCP_TIMEOUT", SecondsArg(), _flow_timeout[0])
        .read("UDP_TIMEOUT", SecondsArg(), _flow_timeout[1]).complete();
}

int GTPTable::initialize(ErrorHandler *errh) {
    if (!_sessions.reserve(_capacity, click_random()) || !_flows[0].reserve(_flow_capacity, click_random()) || !_flows[1].reserve(_flow_capacity, click_random()))
        return errh->error("out of memory");
    _timer.initialize(this);
    _timer.schedule_after_sec(1);
    return 0;
}

/** Expiry. The least recently used entry is the one that has been idle longest. */
void GTPTable::run_timer(Timer *) {
    uint32_t t = now();
    int budget = 10000;         // a second's worth; the rest waits for the next
    for (GTPSession *s; budget && (s = _sessions.oldest()) && t - s->last_seen > _timeout; --budget) {
        _sessions.erase_oldest();
        ++_stats.sessions_expired;
    }
    for (int i = 0; i < 2; ++i)
        for (GTPFlow *f; budget && (f = _flows[i].oldest()) && t - f->last_seen > _flow_timeout[i]; --budget) {
            _flows[i].erase_oldest();
            ++_stats.flows_expired;
        }
    _timer.schedule_after_sec(1);
}

void GTPTable::clear() {
    _sessions.clear();
    _flows[0].clear();
    _flows[1].clear();
    memset(_fragments, 0, sizeof _fragments);
}

// ---- Learning

GTPSession *GTPTable::session(uint32_t ue) {
    GTPSessionKey k{ue};
    GTPSession *s = _sessions.use(k);
    if (!s) {
        bool evicted;
        s = _sessions.insert(k, &evicted);
        ++_stats.sessions_created;
        _stats.sessions_evicted += evicted;
    }
    s->last_seen = now();
    return s;
}

static void learn_leg(GTPLeg &leg, const GTPFrame &f, const unsigned char *frame) {
    memcpy(leg.dst, frame, 6);
    memcpy(leg.src, frame + 6, 6);
    leg.vlan_tpid = f.vlan_tpid, leg.vlan_tci = f.vlan_tci;
    leg.known = true;
}

void GTPTable::learn(Direction direction, const GTPFrame &f, const unsigned char *frame, uint32_t inner_length) {
    const click_ip *inner = reinterpret_cast<const click_ip *>(frame + f.inner);
    uint32_t ue = direction == uplink ? inner->ip_src.s_addr : inner->ip_dst.s_addr;
    // No UE has such an address: 0/8, multicast, broadcast. Learning it would give packets to nobody.
    uint32_t top = ntohl(ue) >> 24;
    if (top == 0 || top >= 224)
        return;
    GTPSession &s = *session(ue);
    if (direction == uplink) {
        ++s.up_packets, s.up_bytes += inner_length;
        learn_leg(s.up, f, frame);
        learn_uplink(s, f);
    } else {
        ++s.down_packets, s.down_bytes += inner_length;
        learn_leg(s.down, f, frame);
        learn_downlink(s, f, inner, inner_length);
    }
}

GTPBearer *GTPTable::find_uplink(GTPSession &s, uint32_t teid) {
    for (int i = 0; i < s.nbearers; ++i)
        if (s.bearer[i].ul && s.bearer[i].ul_teid == teid)
            return &s.bearer[i];
    return nullptr;
}

GTPBearer *GTPTable::new_bearer(GTPSession &s) {
    GTPBearer *b;
    if (s.nbearers < GTPSession::max_bearers)
        b = &s.bearer[s.nbearers++];
    else {
        b = &s.bearer[0];
        for (GTPBearer &x : s.bearer)
            if (x.used < b->used)
                b = &x;
        ++_stats.bearers_replaced;
    }
    memset(b, 0, sizeof *b);
    return b;
}

void GTPTable::learn_uplink(GTPSession &s, const GTPFrame &f) {
    GTPBearer *b = find_uplink(s, f.teid);
    if (!b) {
        for (int i = 0; i < s.nbearers && !b; ++i)
            if (!s.bearer[i].ul)
                b = &s.bearer[i];      // seen from the core first
        if (!b)
            b = new_bearer(s);
    } else if (b->ul_enb != f.outer_src) {
        // The UE is behind another eNB now (TS 23.401 §5.5.1.1): the downlink tunnel that went to the old one ends
        // with the path switch, and where the new one is, the core's next packet will tell.
        if (b->dl && b->dl_enb == b->ul_enb)
            b->dl_stale = true;
        ++_stats.moved_up;
    }
    b->ul = true;
    b->ul_teid = f.teid, b->ul_enb = f.outer_src, b->ul_core = f.outer_dst;
    b->used = now();
    if (b->dl && b->dl_enb == b->ul_enb)
        b->dl_stale = false;
}

void GTPTable::learn_downlink(GTPSession &s, const GTPFrame &f, const click_ip *inner, uint32_t available) {
    GTPBearer *b = nullptr, *without = nullptr, *latest = nullptr;
    for (int i = 0; i < s.nbearers; ++i) {
        GTPBearer &x = s.bearer[i];
        if (x.dl && x.dl_teid == f.teid && x.dl_enb == f.outer_dst && x.dl_core == f.outer_src)
            return;                    // the usual case: nothing new
        if (!x.dl && (!without || x.used > without->used))
            without = &x;
        if (!latest || x.used > latest->used)
            latest = &x;
    }
    if (!(b = without)) {
        GTPFlowKey k;
        if (s.nbearers > 1 && flow_key(inner, available, false, k, nullptr))
            if (GTPFlow *flow = flows(k.proto).find(k))
                b = find_uplink(s, flow->ul_teid);
        if (!b)
            b = latest;
        if (!b)
            b = new_bearer(s);
        else
            ++_stats.moved_down;
    }
    b->dl = true, b->dl_stale = false;
    b->dl_teid = f.teid, b->dl_enb = f.outer_dst, b->dl_core = f.outer_src;
}

// ---- Flows

/** The flow that a packet from (or to) a UE belongs to. False for a later fragment, or when the ports are missing. */
bool GTPTable::flow_key(const click_ip *iph, uint32_t available, bool from_ue, GTPFlowKey &k, uint8_t *tcp_flags) {
    memset(&k, 0, sizeof k);
    k.proto = iph->ip_p;
    // No references to addresses: an inner header may lie at any offset.
    uint32_t sender = iph->ip_src.s_addr, receiver = iph->ip_dst.s_addr;
    k.ue = from_ue ? sender : receiver, k.remote = from_ue ? receiver : sender;
    if (iph->ip_off & htons(IP_OFFMASK))
        return false;
    uint32_t hlen = iph->ip_hl * 4;
    const unsigned char *t = reinterpret_cast<const unsigned char *>(iph) + hlen;
    uint16_t src, dst;
    switch (iph->ip_p) {
    case IP_PROTO_TCP:
        if (available < hlen + 14)
            return false;
        if (tcp_flags)
            *tcp_flags = t[13];
        /* fallthrough */
    case IP_PROTO_UDP:
        if (available < hlen + 4)
            return false;
        memcpy(&src, t, 2);
        memcpy(&dst, t + 2, 2);
        k.ue_port = from_ue ? src : dst, k.remote_port = from_ue ? dst : src;
        return true;
    case IP_PROTO_ICMP:
        if (available >= hlen + 8 && (t[0] == ICMP_ECHO || t[0] == ICMP_ECHOREPLY))
            memcpy(&k.ue_port, t + 4, 2);
        return true;
    default:
        return true;
    }
}

GTPTable::Fragment &GTPTable::fragment_slot(const click_ip *iph) {
    uint64_t x = ((uint64_t) iph->ip_src.s_addr << 32 | iph->ip_dst.s_addr) ^ ((uint64_t) iph->ip_id << 8 | iph->ip_p);
    return _fragments[lru_mix(x, 0) % nfragments];
}

bool GTPTable::steer(const click_ip *iph, uint32_t available, uint32_t ul_teid, bool selected) {
    uint32_t id_proto = (uint32_t) iph->ip_id << 16 | iph->ip_p;
    if (iph->ip_off & htons(IP_OFFMASK)) {
        // A later fragment has no ports: it follows the first one, if that came by lately.
        const Fragment &fr = fragment_slot(iph);
        return fr.breakout && fr.src == iph->ip_src.s_addr && fr.dst == iph->ip_dst.s_addr && fr.id_proto == id_proto && now() - fr.seen < fragment_lifetime;
    }
    // What follows of this datagram follows it, whichever way; an ID may have been another datagram's a moment ago.
    auto decided = [&](bool breakout) {
        if (iph->ip_off & htons(IP_MF))
            fragment_slot(iph) = Fragment{iph->ip_src.s_addr, iph->ip_dst.s_addr, id_proto, now(), breakout};
        return breakout;
    };
    if (!selected && !flows(iph->ip_p).size())
        return decided(false);                 // as with UDP, of which rules seldom select any
    GTPFlowKey k;
    uint8_t tcp_flags = 0;
    if (!flow_key(iph, available, true, k, &tcp_flags))
        return decided(false);
    bool tcp = k.proto == IP_PROTO_TCP, syn = (tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN;
    FlowTable &table = flows(k.proto);
    GTPFlow *flow = table.find(k);
    if (flow && tcp && syn && flow->closing) {
        table.erase(k);                        // the port serves another connection now
        flow = nullptr;
    }
    if (flow)
        table.touch(flow);
    else {
        if (!selected)
            return decided(false);
        if (tcp && !syn) {
            ++_stats.no_syn;                   // began before us: what it was told, it has from the origin
            return decided(false);
        }
        GTPSession *s = find_session(k.ue);
        GTPBearer *b = s ? find_uplink(*s, ul_teid) : nullptr;
        bool reachable = b && b->dl && !b->dl_stale;
        bool evicted;
        flow = table.insert(k, &evicted);
        // Entered as the core's, too: a retransmitted SYN must not change sides once the origin has seen the first.
        flow->breakout = reachable;
        ++_stats.flows_created;
        _stats.flows_evicted += evicted;
        ++(reachable ? _stats.flows_breakout : _stats.flows_core);
        _stats.no_downlink += !reachable;
    }
    flow->ul_teid = ul_teid;
    flow->last_seen = now();
    flow->closing |= tcp && (tcp_flags & (TH_FIN | TH_RST));
    return decided(flow->breakout);
}

const GTPBearer *GTPTable::way_back(const click_ip *iph, uint32_t available, GTPSession *&s) {
    s = _sessions.use(GTPSessionKey{iph->ip_dst.s_addr});
    if (!s || !s->down.known)
        return nullptr;
    s->last_seen = now();
    GTPFlowKey k;
    uint8_t tcp_flags = 0;
    const GTPBearer *b = nullptr;
    if (flow_key(iph, available, false, k, &tcp_flags))
        if (GTPFlow *flow = flows(k.proto).use(k)) {
            flow->last_seen = now();
            flow->closing |= k.proto == IP_PROTO_TCP && (tcp_flags & (TH_FIN | TH_RST));
            b = find_uplink(*s, flow->ul_teid);
        }
    if (b && b->dl)
        return b;
    // Unknown flow, or its bearer is gone: any of the UE's tunnels reaches the UE; take the one last used.
    b = nullptr;
    for (int i = 0; i < s->nbearers; ++i)
        if (s->bearer[i].dl && (!b || s->bearer[i].used > b->used))
            b = &s->bearer[i];
    return b;
}

// ---- Handlers

enum { h_count, h_flows, h_sessions, h_stats, h_state, h_clear };

String GTPTable::read(Element *e, void *data) {
    GTPTable *t = static_cast<GTPTable *>(e);
    switch ((uintptr_t) data) {
    case h_count: return String(t->nsessions());
    case h_flows: return String(t->nflows());
    case h_sessions: return t->unparse_sessions();
    case h_stats: return t->unparse_stats();
    default: return t->export_state();
    }
}

int GTPTable::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    GTPTable *t = static_cast<GTPTable *>(e);
    if ((uintptr_t) data == h_state)
        return t->import_state(s, errh);
    t->clear();
    return 0;
}

void GTPTable::add_handlers() {
    add_read_handler("count", read, h_count);
    add_read_handler("flows", read, h_flows);
    add_read_handler("sessions", read, h_sessions, Handler::f_expensive);
    add_read_handler("stats", read, h_stats);
    add_write_handler("clear", write, h_clear, Handler::f_button);
    add_read_handler("state", read, h_state, Handler::f_expensive | Handler::f_raw);
    add_write_handler("state", write, h_state, Handler::f_raw);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(GTPTable)
