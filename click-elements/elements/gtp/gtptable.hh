#ifndef CLICK_GTPTABLE_HH
#define CLICK_GTPTABLE_HH
#include <click/element.hh>
#include <click/timer.hh>
#include "elements/gtp/gtppathcache.hh"
#include "elements/gtp/gtptunnelcache.hh"
#include "elements/gtp/gtpinner.hh"
#include "elements/gtp/gtpsession.hh"
#include "elements/gtp/tunnelindex.hh"
CLICK_DECLS
class ErrorHandler;
class GTPTrace;
class GradualRead;
class StringAccum;

/** What is sought in a table: the hash by which its memory was asked for, and the number it probably has there; 0: not known. */
struct GTPSought { uint32_t hash, id; };
/** On a packet's way back. Its UE's hash was made if its flow is not known. */
struct GTPWaySought { GTPSought flow, ue; };

/** What tunnel a packet goes back to its UE in. */
struct GTPWayBack {
    const GTPBearer *bearer;      // null: none
    GTPSession *session;
    GTPPath *path;                // of the bearer's downlink
    uint8_t qfi;                  // 0x80 | QFI of the flow's uplink; 0: none
};

/*
=c
GTPTable([CAPACITY, TIMEOUT, FLOWS, TCP_TIMEOUT, UDP_TIMEOUT, PATHS])
=s gtp
the sessions, bearers, paths and flows of a GTP-U breakout
=d
An information element without ports that GTPDecap, GTPBreakout, GTPEncap and GTPSignalling share.

A B<session> is a UE, by its IPv4 address or its IPv6 prefix of 64 bits, with its B<bearers>, up to 11, each a pair of tunnels. They
are learned from G-PDUs passing in both directions, and from the control plane where GTPControlLearn sees it: the uplink tunnel (TEID
at the core), the downlink tunnel (TEID at the eNB). A downlink tunnel that no one announced is paired with the bearer that has
none yet, one with the same ends first, else with the bearer of the flow seen in it, else with the one last used. When a UE appears behind
another eNB, its downlink tunnels to others count as stale, and no new flow is broken out on them, until the core uses a new one.

A B<path> is a pair of ends, eNB and core, on one VLAN, with the Ethernet addresses of both directions. Both ends are IPv4 or IPv6. As
long as no packet was seen from the core, its Ethernet addresses are taken to be the uplink's, turned round.

At most CAPACITY (65536) sessions are kept; the least recently used one makes room. Idle ones go after TIMEOUT (3600
s). Likewise FLOWS (262144) TCP flows, idle for TCP_TIMEOUT (7440 s, RFC 5382 REQ-5), and as many others, idle for
UDP_TIMEOUT (300 s, RFC 4787 REQ-5); of either as many again with IPv6. At most PATHS (4096): one with tunnels in it stays; if there is
no room, nothing is learned from the packets of a new one, which pass. In a table of more than 65536 the order of use is exact to a 64th of
the timeout. Memory is used as entries come: 190 bytes a session of one bearer, 70 a flow.

In a hot swap a table of the same name takes over all of it, and the events, at once if CAPACITY, FLOWS and PATHS are the same; of others nothing, if there is not
room for all. Its own counters (stats) begin anew.

=h count read-only
Sessions.
=h flows read-only
Flows.
=h paths read-only
Paths: a JSON array, with counters, what was heard of both ends, and their state (GTPSignalling).
=h path_count read-only
=h sessions read-only
All sessions: a JSON array.
=h table read-only
All sessions as text, a line a bearer.
=h stats read-only
Counters per reason and direction: a JSON object.
=h metrics read-only
The same, and those of the paths, in Prometheus' text format.
=h events read-only
What happened to paths and bearers, the last 64, newest last: a JSON array; each has a number of its own.
=h changes read-only
Another number whenever a session, bearer, path or flow came, went or changed: then state is worth reading. Counters, sequence
numbers and idle times alone do not change it.
=h trace read/write
What is done with single packets, and why, as text. Writing begins: the address of a UE, a TEID (of either direction) or C<any>; then, if it is not to be 20, how many packets (up to
255); then perhaps C<slow>, to keep them out of the fast path, where they are not seen. C<off> ends it, as do so many packets. What was in the fast path of these UEs comes up once.
=h clear write-only
Forget everything but the counters.
=h state read/write
Paths, sessions and flows in a versioned text format with a checksum; writing it replaces what is there. What is not whole
is refused, with the reason, and changes nothing. ControlSocket makes it bit by bit, between packets, without a moment at which all of it held: what changes
meanwhile may be in it as it was or as it is.
=a GTPDecap, GTPBreakout, GTPEncap, GTPRestore, GTPSignalling, GTPControlLearn, GTPTracePoint
*/
class GTPTable : public Element, public GTPBearerSink { public:
    GTPTable() : _timer(this) {}
    ~GTPTable();
    const char *class_name() const override { return "GTPTable"; }
    int configure_phase() const override { return CONFIGURE_PHASE_INFO; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void add_handlers() override;
    void run_timer(Timer *) override;
    void *cast(const char *) override;

    /** Whose G-PDU this is, for the calls that take a hash. */
    static GTPSessionKey ue_of(GTPDirection d, const GTPFrame &f, const unsigned char *frame) {
        const unsigned char *inner = frame + f.inner;
        if (f.inner6) return GTPSessionKey::of6(inner + (d == GTP_UPLINK ? 8 : 24));
        uint32_t a;
        memcpy(&a, inner + (d == GTP_UPLINK ? 12 : 16), 4);
        return GTPSessionKey::of4(a);
    }
    uint32_t hash(GTPSessionKey k) const { return _sessions.hash(k); }
    /** Is it so large that most of it is not in the cache? Then it pays to ask for what a batch will need before that is needed. */
    bool large() const { return _sessions.size() > _small; }
    /** Up to so many it is not; for tests. */
    void set_small(uint32_t sessions) { _small = sessions; }
    void prefetch_slot(uint32_t hash) const { _sessions.prefetch_slot(hash); }
    uint32_t prefetch_session(uint32_t hash) const { return _sessions.prefetch_entry(hash); }

    /** A G-PDU of @a ue passed, in a path whose number is returned (0: nothing was learned). @a hash: of @a ue, if it was made; null if not.
        Its tunnel, if it was known, is noted in @a tunnels, if there is one, and its path in @a paths, for learn_again(). */
    uint32_t learn(GTPDirection, const GTPFrame &, const unsigned char *frame, GTPSessionKey ue, const uint32_t *hash, GTPTunnelCache *tunnels = nullptr, GTPPathCache *paths = nullptr);
    /** The same for one that was found in the cache. False if that does not do. */
    __attribute__((always_inline)) bool learn_again(GTPDirection d, const GTPTunnelCache::Entry &e, uint32_t bytes, uint32_t t) {
        return learn_again(d, e.session, e.bearer, e.at_path, bytes, t);
    }
    /** The same for a plain one of which the path is known, if it is of @a ue's first bearer. */
    __attribute__((always_inline)) bool learn_again(GTPDirection d, GTPSessionKey ue, GTPSought x, GTPTunnel tunnel, GTPPath *p, uint32_t bytes, uint32_t t) {
        GTPSession *const s = _sessions.find_near(x.id, ue);
        if (unlikely(!s || !s->nbearers)) return false;
        return likely((d == GTP_UPLINK ? s->first.up : s->first.down) == tunnel) && learn_again(d, s, &s->first, p, bytes, t);
    }
    /** @a b is the bearer of @a s that a plain G-PDU in @a p is of. */
    __attribute__((always_inline)) bool learn_again(GTPDirection d, GTPSession *s, GTPBearer *b, GTPPath *p, uint32_t bytes, uint32_t t) {
        if (d == GTP_DOWNLINK)
            b->flags &= (uint8_t) ~(GTPBearer::container | GTPBearer::sequenced);
        else if (likely(!(b->flags & GTPBearer::stale)))
            b->used = t;
        else
            return false;
        _sessions.touch(s, t);
        s->last_seen = p->last_seen = t;
        s->count(d, bytes);
        ++p->packets[d], p->bytes[d] += bytes;
        return true;
    }
    /** Changes with each tunnel, path's leg or UE that comes, goes or moves. */
    uint64_t generation() const { return _generation; }
    void new_generation() { ++_generation; }
    void count_verdict(GTPDirection d, GTPVerdict v, uint64_t n = 1) { _verdicts[d][v] += n; }

    /** Is this packet from a UE to be broken out? @a selected: the rules say so for a new flow, and for @a tenant, else the flow's is put there. */
    bool steer(const GTPInner &, GTPTunnel up, uint8_t qfi, bool selected, uint8_t &tenant, const GTPSought *flow = nullptr);
    /** Is no flow of this protocol known? Then a packet that the rules do not select is the core's, but for one in fragments. */
    bool none_of(bool six, uint8_t protocol) const { return six ? !_flows6[protocol != 6].size() : !_flows[protocol != 6].size(); }
    /** Asks for its flow's slot; seek_flow() then for the flow. */
    void seek_flow_slot(const GTPInner &, GTPSought &) const;
    void seek_flow(const GTPInner &, GTPSought &) const;
    /** The tunnel back to the UE for this packet. */
    GTPWayBack way_back(const GTPInner &, const GTPWaySought * = nullptr);
    // In this order, with time in between: what a packet's flow knows of its session spares seeking that.
    void seek_way_slot(const GTPInner &i, GTPWaySought &x) const { seek_flow_slot(i, x.flow); }
    void seek_way_flow(const GTPInner &i, GTPWaySought &x) const {
        seek_flow(i, x.flow);
        if (!x.flow.id) _sessions.prefetch_slot(x.ue.hash = _sessions.hash(i.session()));
    }
    void seek_way_session(const GTPInner &i, GTPWaySought &x) const;
    /** The next sequence number in the bearer's downlink. */
    static uint16_t next_sequence(const GTPBearer *b) { return const_cast<GTPBearer *>(b)->sequence++; }

    // The control plane, in band and out of band.
    void bearer_event(const GTPBearerEvent &) override;
    /** @a where does not know the tunnel that ends there, says itself (TS 29.281 §7.3.1). True if we knew of it. */
    bool tunnel_unknown(GTPDirection, const GTPEndpoint &where);
    /** The last packet of this tunnel (TS 29.281 §7.3.2). */
    bool tunnel_ended(GTPDirection, const GTPEndpoint &where);
    bool knows_tunnel(GTPDirection, const GTPEndpoint &) const;

    // Paths
    /** That of a frame; if there is none it is made. Null if there is no room. */
    GTPPath *path_of(GTPDirection, const GTPFrame &, const unsigned char *frame);
    const GTPPathKey &key_of(const GTPPath *p) const { return _paths.key_of(p); }
    template <typename F> void each_path(F f) { for (GTPPath *p = _paths.oldest(); p; p = _paths.next_newer(p)) f(_paths.key_of(p), *p); }
    /** Something to be told: it gets a number, is kept among the last and printed. */
    void event(const char *what, const String &json_fields);

    /** Packets of a UE that passed without the table, on this path. */
    void credit(GTPSessionKey, const GTPPathKey &, GTPDirection, bool broken_out, uint64_t packets, uint64_t bytes);
    bool view(const GTPFlowKey &, GTPFlowView &);
    bool view(const GTPFlowKey6 &, GTPFlowView &);
    /** From now on, told of changes, till unwatch(). */
    void watch(GTPFlowWatcher *w) { _watchers.push_back(w); }
    void unwatch(GTPFlowWatcher *);
    /** The rules are others now: what was concluded from them elsewhere is void. */
    void rules_changed();

    /** Who tells of the life of packets, if somebody traces. */
    GTPTrace *tracing() const { return _tracing; }
    uint32_t nsessions() const { return _sessions.size(); }
    uint32_t nflows() const { return _flows[0].size() + _flows[1].size() + _flows6[0].size() + _flows6[1].size(); }
    void clear();
    String export_state() const;
    int import_state(const String &, ErrorHandler *);

  private:
    typedef LruTable<GTPFlowKey, GTPFlow> Flows;
    typedef LruTable<GTPFlowKey6, GTPFlow> Flows6;
    struct Announced {
        GTPEndpoint downlink;
        uint32_t last_seen;
        uint8_t ebi;
        bool live() const { return last_seen; }
    };
    struct EndpointKey {
        GTPEndpoint end;
        bool operator==(const EndpointKey &x) const { return end == x.end; }
        uint32_t hash(uint32_t seed) const { return lru_mix(end.address.word[0] * 31 ^ end.address.word[1] ^ (uint64_t) end.teid << 13, seed); }
    };
    struct Fragment { uint64_t who, id; uint32_t seen; bool breakout; uint8_t tenant; GTPTunnel up; };
    enum { nfragments = 256, fragment_lifetime = 30, nevents = 64 };

    LruTable<GTPSessionKey, GTPSession> _sessions;
    LruTable<GTPPathKey, GTPPath> _paths;
    LruTable<EndpointKey, Announced> _announced;        // by the uplink's end
    GTPTunnelIndex _tunnels[2];                         // by direction
    Flows _flows[2];                                    // TCP, others
    Flows6 _flows6[2];
    GTPMoreBearers *_more = nullptr;
    uint32_t _more_capacity = 0, _more_used = 0;
    Vector<uint32_t> _more_free;
    Fragment _fragments[nfragments] = {};               // where the first fragment of an inner packet went
    uint32_t _small = 2048, _capacity = 65536, _timeout = 3600, _flow_capacity = 262144, _flow_timeout[2] = {7440, 300}, _path_capacity = 4096;
    Vector<GTPFlowWatcher *> _watchers;
    Vector<String> _events;
    uint64_t _nevents = 0, _changes = 0;
    uint64_t _generation = 1;
    GTPTrace *_tracing = nullptr, *_trace = nullptr;    // the one while it is, and its texts
    Timer _timer;
    mutable int64_t _second_end = 0;
    mutable uint32_t _second = 0;

    uint64_t _verdicts[2][GTP_NVERDICTS] = {};
    struct { uint64_t sessions_created, sessions_evicted, sessions_expired, flows_created, flows_evicted, flows_expired, moved_up, moved_down,
             bearers_replaced, flows_breakout, flows_core, no_downlink, no_syn, paths_refused, announced, announced_used, tunnels_unknown, tunnels_ended; } _stats = {};

  public:
    /** Seconds, from an epoch well before the machine's start, so that what is imported can have been idle for longer than that. */
    uint32_t now() const {
        int64_t ns = Timestamp::recent_steady().nsecval();
        if (unlikely(ns >= _second_end || ns < _second_end - Timestamp::nsec_per_sec))        // a division a second, not one a packet
            _second = (uint32_t) (ns / Timestamp::nsec_per_sec), _second_end = (int64_t(_second) + 1) * Timestamp::nsec_per_sec;
        return _second + (1U << 30);
    }

  private:
    // gtplearn.cc
    GTPSession *new_session(GTPSessionKey);
    void drop_session(GTPSession *);
    GTPPath *path(const GTPPathKey &);
    bool in_path(uint32_t number, GTPDirection, const GTPFrame &) const;
    void learn_leg(GTPPath &, GTPDirection, const GTPFrame &, const unsigned char *frame);
    void new_leg(GTPPath &, GTPDirection, const GTPFrame &, const unsigned char *frame);
    void learn_uplink(GTPSession &, GTPBearer *, uint32_t teid, uint32_t path);
    void learn_downlink(GTPSession &, GTPBearer *, const GTPFrame &, uint32_t path, const unsigned char *inner);
    GTPBearer &bearer(GTPSession &s, int i) { return i ? _more[s.more - 1].bearer[i - 1] : s.first; }
    const GTPBearer &bearer(const GTPSession &s, int i) const { return i ? _more[s.more - 1].bearer[i - 1] : s.first; }
    GTPBearer *find_uplink(GTPSession &, GTPTunnel);
    GTPBearer *new_bearer(GTPSession &);
    void drop_bearer(GTPSession &, GTPBearer *);
    void set_tunnel(GTPSession &, GTPBearer &, GTPDirection, GTPTunnel);
    GTPEndpoint end_of(GTPDirection d, GTPTunnel t) const { const GTPPathKey &k = _paths.key_at(t.path); return GTPEndpoint{d == GTP_UPLINK ? k.core : k.enb, t.teid}; }
    GTPBearer *find_tunnel(GTPDirection, const GTPEndpoint &, GTPSession *&);
    void use_announced(GTPSession &, GTPBearer &);
    void set_downlink(GTPSession &, GTPBearer &, const GTPEndpoint &);
    void ue_changed(const GTPSession &);
    // gtpsteer.cc
    template <typename K> bool steer_flow(LruTable<K, GTPFlow> &, const K &, const GTPInner &, GTPTunnel, uint8_t qfi, bool selected, uint8_t &tenant, const GTPSought *);
    template <typename K> GTPSession *back(LruTable<K, GTPFlow> &, const K &, const GTPInner &, const GTPWaySought *, GTPFlow *&);
    GTPSession *use_session(GTPSession *);
    template <typename K> void expire_flows(LruTable<K, GTPFlow> &, uint32_t timeout, int &budget);
    template <typename K> void tell(const K &k) { ++_changes; for (GTPFlowWatcher *w : _watchers) w->flow_changed(k); }
    template <typename K> bool view_flow(LruTable<K, GTPFlow> &, const K &, GTPSessionKey, GTPFlowView &);
    Fragment &fragment_slot(const GTPInner &);
    // gtpstateout.cc, gtpreport.cc
    class StateOut;
    class StateReading;
    static GradualRead *begin_export(Element *, void *);
    String unparse_sessions() const;
    String unparse_table() const;
    String unparse_paths() const;
    String unparse_stats() const;
    String unparse_metrics() const;
    String unparse_events() const;
    uint64_t changes() const { return _changes + _stats.sessions_created + _stats.flows_created + _stats.flows_evicted; }

    // gtptrace.cc
    friend class GTPTrace;
    void add_trace_handlers();
    void end_trace();

    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
