#ifndef CLICK_GTPTABLE_HH
#define CLICK_GTPTABLE_HH
#include <click/element.hh>
#include <clicknet/ip.h>
#include <click/timer.hh>
#include "elements/gtp/gtpframe.hh"
#include "elements/gtp/gtpflow.hh"
CLICK_DECLS

/** The Ethernet side of a tunnel's packets, in one direction. */
struct GTPLeg { uint8_t src[6], dst[6]; uint16_t vlan_tpid, vlan_tci; bool known; };

/** A pair of tunnels, known by its uplink end. Addresses in network order. */
struct GTPBearer {
    uint32_t ul_teid, ul_enb, ul_core;
    uint32_t dl_teid, dl_enb, dl_core;
    bool ul, dl;
    bool dl_stale;           // the UE has moved and the core has not followed yet
    uint32_t used;           // when the uplink was last used: seconds of the steady clock
};

struct GTPSession {
    enum { max_bearers = 4 };
    GTPLeg up, down;
    GTPBearer bearer[max_bearers];
    uint8_t nbearers;
    uint32_t last_seen;
    uint64_t up_packets, up_bytes, down_packets, down_bytes, encap_packets, encap_bytes;
};

struct GTPSessionKey {
    uint32_t ue;
    bool operator==(const GTPSessionKey &x) const { return ue == x.ue; }
    uint32_t hash(uint32_t seed) const { return lru_mix(ue, seed); }
};

struct GTPFlow {
    bool breakout;
    bool closing;            // FIN or RST seen: the next SYN is another connection
    uint32_t ul_teid;        // the bearer
    uint32_t last_seen;
};

/*
=c
GTPTable([CAPACITY, TIMEOUT, FLOWS, TCP_TIMEOUT, UDP_TIMEOUT])
=s gtp
the sessions and flows of a GTP-U breakout
=d
An information element without ports that GTPDecap, GTPBreakout and GTPEncap share.

A B<session> is a UE address with its tunnels, learned from G-PDUs passing in both directions: the uplink tunnel
(eNB and core address, uplink TEID), the downlink tunnel (core and eNB address, downlink TEID) and the Ethernet
addresses (and VLAN) of both legs. There are up to four pairs of tunnels (bearers) a UE, known by their uplink TEID; a
downlink tunnel is paired with the bearer that has none yet, else with the bearer of the flow seen in it, else with the
one last used. When a UE appears behind another eNB, its downlink tunnel counts as stale, and no new flow is broken
out on it, until the core uses a new one.

At most CAPACITY (65536) sessions are kept; the least recently used one makes room. Idle ones go after TIMEOUT (3600
s). Likewise FLOWS (262144) TCP flows, idle for TCP_TIMEOUT (7440 s, RFC 5382 REQ-5), and as many others, idle for
UDP_TIMEOUT (300 s, RFC 4787 REQ-5).

=h count read-only
Sessions.
=h flows read-only
Flows.
=h sessions read-only
All sessions: a JSON array.
=h stats read-only
Counters per reason and direction: a JSON object.
=h clear write-only
Forget everything but the counters.
=h state read/write
Sessions and flows in a versioned text format with a checksum; writing it replaces what is there. What is not whole
is refused, with the reason, and changes nothing.
=a GTPDecap, GTPBreakout, GTPEncap, GTPRestore
*/
class GTPTable : public Element { public:
    enum Direction { uplink = 0, downlink = 1 };

    GTPTable() : _timer(this) {}
    const char *class_name() const override { return "GTPTable"; }
    int configure_phase() const override { return CONFIGURE_PHASE_INFO; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void run_timer(Timer *) override;

    /** A G-PDU passed. */
    void learn(Direction, const GTPFrame &, const unsigned char *frame, uint32_t inner_length);
    void count_verdict(Direction d, GTPVerdict v) { ++_verdicts[d][v]; }

    /** Is this packet from a UE to be broken out? @a selected: the rules say so for a new flow. */
    bool steer(const click_ip *iph, uint32_t available, uint32_t ul_teid, bool selected);
    /** The tunnel back to the UE for this packet; null if there is none. */
    const GTPBearer *way_back(const click_ip *iph, uint32_t available, GTPSession *&session);

    uint32_t nsessions() const { return _sessions.size(); }
    uint32_t nflows() const { return _flows[0].size() + _flows[1].size(); }
    GTPSession *find_session(uint32_t ue) { return _sessions.find(GTPSessionKey{ue}); }
    void clear();
    String export_state();
    int import_state(const String &, ErrorHandler *);
    String unparse_sessions() const;
    String unparse_stats() const;

  private:
    typedef LruTable<GTPFlowKey, GTPFlow> FlowTable;
    struct Fragment { uint32_t src, dst, id_proto, seen; bool breakout; };
    enum { nfragments = 256, fragment_lifetime = 30 };

    LruTable<GTPSessionKey, GTPSession> _sessions;
    FlowTable _flows[2];                    // TCP, others
    Fragment _fragments[nfragments] = {};   // where the first fragment of an inner packet went
    uint32_t _capacity = 65536, _timeout = 3600, _flow_capacity = 262144, _flow_timeout[2] = {7440, 300};
    Timer _timer;
    mutable int64_t _second_end = 0;
    mutable uint32_t _second = 0;

    uint64_t _verdicts[2][GTP_NVERDICTS] = {};
    struct { uint64_t sessions_created, sessions_evicted, sessions_expired, flows_created, flows_evicted, flows_expired, moved_up, moved_down,
             bearers_replaced, flows_breakout, flows_core, no_downlink, no_syn; } _stats = {};

    /** Seconds, from an epoch well before the machine's start, so that what is imported can have been idle for longer than that. */
    uint32_t now() const {
        int64_t ns = Timestamp::recent_steady().nsecval();
        if (unlikely(ns >= _second_end || ns < _second_end - Timestamp::nsec_per_sec))        // a division a second, not one a packet
            _second = (uint32_t) (ns / Timestamp::nsec_per_sec), _second_end = (int64_t(_second) + 1) * Timestamp::nsec_per_sec;
        return _second + (1U << 30);
    }
    GTPSession *session(uint32_t ue);
    void learn_uplink(GTPSession &, const GTPFrame &);
    void learn_downlink(GTPSession &, const GTPFrame &, const click_ip *inner, uint32_t available);
    static GTPBearer *find_uplink(GTPSession &, uint32_t teid);
    GTPBearer *new_bearer(GTPSession &);
    FlowTable &flows(uint32_t proto) { return _flows[proto != IP_PROTO_TCP]; }
    Fragment &fragment_slot(const click_ip *);
    static bool flow_key(const click_ip *, uint32_t available, bool from_ue, GTPFlowKey &, uint8_t *tcp_flags);

    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
