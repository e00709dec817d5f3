#ifndef LCLICK_GTPSESSION_HH
#define LCLICK_GTPSESSION_HH
#include "elements/gtp/gtpflow.hh"
#include "elements/gtp/gtpframe.hh"
CLICK_DECLS

/** The Ethernet side of a path's packets, in one direction. */
struct GTPLeg { uint8_t src[6], dst[6]; uint16_t vlan_tci; enum : uint16_t { unknown, assumed, seen } known; };

/** A pair of ends, eNB and core, on one VLAN (TS 29.281 §3.1: UDP/IP path). */
struct GTPPathKey {
    GTPAddress enb, core;
    uint32_t vlan;                // TPID << 16 | VLAN ID; 0: untagged
    uint32_t zero;
    bool operator==(const GTPPathKey &x) const { return enb == x.enb && core == x.core && vlan == x.vlan; }
    uint32_t hash(uint32_t seed) const {
        const uint64_t k = 0x9E3779B97F4A7C15ULL;
        uint64_t x = (enb.word[0] * k ^ enb.word[1]) * k, y = (core.word[0] * k ^ core.word[1]) * k;
        return lru_mix((x ^ x >> 29) * k ^ (y ^ y >> 31) ^ vlan, seed);
    }
};
/** What is known of one end of a path. Times of the steady clock. */
struct GTPPathEnd {
    enum State : uint8_t { unknown, up, down } state;
    bool has_recovery;
    uint8_t recovery;             // the restart counter of its last Echo Response
    uint8_t missed;               // requests of ours in sequence that got no response
    bool awaited;                 // a request of ours is under way
    uint16_t sequence;            // of it
    int64_t sent_ns, next_ns;     // when; when the next one is due
    int64_t heard_ns;
    int64_t passing_ns;           // a request of the other end's that is on its way to it, when, and its number; 0: none
    uint16_t passing;
    bool has_rtt;
    uint32_t rtt_us;
    uint64_t requests, responses, error_indications, end_markers;         // that it sent
    uint64_t probes, probes_answered;                                     // our requests to it
};
enum GTPDirection : uint8_t { GTP_UPLINK = 0, GTP_DOWNLINK = 1 };
struct GTPPath {
    GTPLeg leg[2];                // by direction
    uint32_t last_seen;           // seconds, as GTPTable::now()
    uint32_t references;          // tunnels in it: as long as there are any it stays
    uint64_t packets[2], bytes[2], breakout_packets, breakout_bytes;      // G-PDUs, their inner bytes
    GTPPathEnd end[2];            // the eNB, the core: who sends in that direction
};

/** One direction of a bearer: a TEID of the end that receives, and the path (its number; 0: none). */
struct GTPTunnel {
    uint32_t teid, path;
    bool operator==(const GTPTunnel &x) const { return teid == x.teid && path == x.path; }
};
/** A pair of tunnels. */
struct GTPBearer {
    enum : uint8_t {
        stale = 1,                // the UE has moved, or is idle, and the core has not followed yet: nothing new is begun on it
        container = 2,            // its packets carry a PDU session container (N3)
        sequenced = 4,            // its downlink packets carry sequence numbers
        announced = 8,            // the control plane told of it
        idle = 16 };              // the control plane said that its downlink end is gone; stale, too
    GTPTunnel up, down;
    uint32_t used;                // when the uplink was last used: seconds, as GTPTable::now()
    uint16_t sequence;            // the next one of ours in the downlink
    uint8_t flags;
    uint8_t ebi;
};
/** A UE's bearers beyond the first. */
struct GTPMoreBearers { enum { capacity = 10 }; GTPBearer bearer[capacity]; };

/** A UE: an IPv4 address or an IPv6 prefix of 64 bits (TS 23.401 §5.3.1.2.2). No UE has a prefix of all ones, which marks IPv4. */
struct GTPSessionKey {
    uint64_t ue;
    static GTPSessionKey of4(uint32_t a) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return GTPSessionKey{(uint64_t) a << 32 | 0xFFFFFFFFU};
#else
        return GTPSessionKey{(uint64_t) 0xFFFFFFFFU << 32 | a};
#endif
    }
    static GTPSessionKey of6(const unsigned char *prefix) { GTPSessionKey k; memcpy(&k.ue, prefix, 8); return k; }
    bool is4() const { unsigned char b[8]; memcpy(b, &ue, 8); return b[0] == 0xFF && b[1] == 0xFF && b[2] == 0xFF && b[3] == 0xFF; }
    /** The address, or the prefix with zeros behind it. */
    GTPAddress address() const {
        unsigned char b[16] = {};
        memcpy(b, &ue, 8);
        uint32_t a;
        memcpy(&a, b + 4, 4);
        return is4() ? GTPAddress::from4(a) : GTPAddress::from6(b);
    }
    /** Learning any other would give packets to nobody. */
    bool usable() const {
        unsigned char b[8];
        memcpy(b, &ue, 8);
        if (is4()) return b[4] != 0 && b[4] < 224;
        return ue != 0 && b[0] != 0xFF && !(b[0] == 0xFE && (b[1] & 0xC0) == 0x80);
    }
    bool operator==(const GTPSessionKey &x) const { return ue == x.ue; }
    uint32_t hash(uint32_t seed) const { return lru_mix(ue, seed); }
};
/** By direction: G-PDUs and their inner bytes. */
struct GTPCounts { uint64_t packets[2], bytes[2], breakout_packets, breakout_bytes; };
/** With its key and the table's links this is two lines of a cache; a packet of its first bearer, G-PDU or broken out, needs the first only. */
struct GTPSession {
    enum { max_bearers = 1 + GTPMoreBearers::capacity,          // TS 24.301 §9.3.2: EPS bearer identities 5 to 15
           used_always = 52 };
    uint32_t last_seen;
    uint8_t nbearers;             // 0 only while it is made, or gone
    uint8_t qfi;                  // 0x80 | the last one seen in either direction; 0: none
    uint16_t low_breakout_packets;
    GTPBearer first;
    uint32_t low[2][2];           // by direction: G-PDUs and their inner bytes, but for what is above 32 bits
    uint32_t low_breakout_bytes;
    // Used less
    uint32_t more;                // number of its GTPMoreBearers; 0: none
    uint32_t high[2][2], high_breakout_bytes;
    uint32_t high_breakout_packets[2];    // a number of 64 bits, the lower ones first. As one it would have all that is above aligned to 8 bytes, and a line would not hold that

    bool live() const { return nbearers; }
    void count(GTPDirection d, uint32_t bytes) {
        if (unlikely(!++low[d][0])) ++high[d][0];
        if (unlikely((low[d][1] += bytes) < bytes)) ++high[d][1];
    }
    uint64_t packets(GTPDirection d) const { return (uint64_t) high[d][0] << 32 | low[d][0]; }
    uint64_t bytes(GTPDirection d) const { return (uint64_t) high[d][1] << 32 | low[d][1]; }
    void set_counts(GTPDirection d, uint64_t packets, uint64_t bytes) {
        low[d][0] = (uint32_t) packets, high[d][0] = (uint32_t) (packets >> 32);
        low[d][1] = (uint32_t) bytes, high[d][1] = (uint32_t) (bytes >> 32);
    }
    void count_breakout(uint32_t bytes) {
        if (unlikely(!++low_breakout_packets) && !++high_breakout_packets[0]) ++high_breakout_packets[1];
        if (unlikely((low_breakout_bytes += bytes) < bytes)) ++high_breakout_bytes;
    }
    uint64_t breakout_packets() const { return ((uint64_t) high_breakout_packets[1] << 32 | high_breakout_packets[0]) << 16 | low_breakout_packets; }
    uint64_t breakout_bytes() const { return (uint64_t) high_breakout_bytes << 32 | low_breakout_bytes; }
    void set_breakout(uint64_t packets, uint64_t bytes) {
        low_breakout_packets = (uint16_t) packets, high_breakout_packets[0] = (uint32_t) (packets >> 16), high_breakout_packets[1] = (uint32_t) (packets >> 48);
        low_breakout_bytes = (uint32_t) bytes, high_breakout_bytes = (uint32_t) (bytes >> 32);
    }
    GTPCounts counts() const { return GTPCounts{{packets(GTP_UPLINK), packets(GTP_DOWNLINK)}, {bytes(GTP_UPLINK), bytes(GTP_DOWNLINK)}, breakout_packets(), breakout_bytes()}; }
    void set_counts(const GTPCounts &c) {
        set_counts(GTP_UPLINK, c.packets[GTP_UPLINK], c.bytes[GTP_UPLINK]);
        set_counts(GTP_DOWNLINK, c.packets[GTP_DOWNLINK], c.bytes[GTP_DOWNLINK]);
        set_breakout(c.breakout_packets, c.breakout_bytes);
    }
};

static_assert(sizeof(GTPSessionKey) + sizeof(uint32_t) + GTPSession::used_always <= 64 && __builtin_offsetof(GTPSession, more) == GTPSession::used_always, "a line holds what every packet needs");

struct GTPFlow {
    enum { used_always = 20 };
    bool breakout;
    bool closing;                 // FIN or RST seen: the next SYN is another connection
    uint8_t tenant;
    uint8_t qfi;                  // 0x80 | QFI of its uplink; 0: none
    GTPTunnel up;                 // the bearer
    uint32_t last_seen;
    uint32_t session;             // number of its UE's, which may be another's by now; 0: not known

    bool live() const { return last_seen; }
};

CLICK_ENDDECLS
#endif
