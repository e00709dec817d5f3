#ifndef LCLICK_GTPFLOW_HH
#define LCLICK_GTPFLOW_HH
#include "elements/gtp/gtpevent.hh"
#include "elements/gtp/lrutable.hh"
CLICK_DECLS

/** A flow as its UE sees it, in network order. ICMP echo has its identifier as the UE's port. */
struct GTPFlowKey {
    uint32_t ue, remote;
    uint16_t ue_port, remote_port;
    uint32_t proto;
    bool operator==(const GTPFlowKey &x) const { return memcmp(this, &x, sizeof x) == 0; }
    uint32_t hash(uint32_t seed) const { return lru_mix(((uint64_t) ue << 32 | remote) ^ ((uint64_t) ue_port << 40 | (uint64_t) remote_port << 16 | proto) * 0x9E3779B97F4A7C15ULL, seed); }
};

/** The same with IPv6 addresses. */
struct GTPFlowKey6 {
    uint64_t ue[2], remote[2];
    uint16_t ue_port, remote_port;
    uint32_t proto;
    bool operator==(const GTPFlowKey6 &x) const { return memcmp(this, &x, sizeof x) == 0; }
    uint32_t hash(uint32_t seed) const {
        const uint64_t k = 0x9E3779B97F4A7C15ULL;
        uint64_t x = ue[0] * k ^ ue[1], y = remote[0] * k ^ remote[1];
        x = (x ^ x >> 29) * k ^ (y ^ y >> 31);
        return lru_mix(x * k ^ ((uint64_t) ue_port << 40 | (uint64_t) remote_port << 16 | proto), seed);
    }
};

/** What is known of a flow. The ends of the tunnels are without an address where they are not known. */
struct GTPFlowView {
    bool breakout;                       // else it is the core's
    bool closing;                        // FIN or RST seen
    uint8_t tenant;
    GTPEndpoint uplink, downlink;        // of its bearer: at the core, at the eNB
    uint32_t vlan;                       // the uplink's, as in GTPPathKey
    GTPAddress enb, core;                // the other ends: who sends in the uplink, who in the downlink
};

/** Who keeps something of flows that the table does not see the packets of (a fast path in the kernel). */
class GTPFlowWatcher { public:
    /** The flow is not what it was (another bearer, closing, forgotten). What was kept of it is void. */
    virtual void flow_changed(const GTPFlowKey &) = 0;
    virtual void flow_changed(const GTPFlowKey6 &) = 0;
    /** All flows of this UE (its address, or prefix of 64 bits): where its tunnels lead has changed. */
    virtual void ue_changed(const GTPAddress &) = 0;
    /** All of them: the rules changed, the table was cleared or replaced. */
    virtual void flows_changed() = 0;
    /** The table's sessions are about to go elsewhere: what was not counted for them yet is to be. */
    virtual void settle_counts() = 0;
    /** How many seconds ago was it seen there last? Less than 0: it is not there. */
    virtual int64_t idle_seconds(const GTPFlowKey &) = 0;
    virtual int64_t idle_seconds(const GTPFlowKey6 &) = 0;
  protected:
    ~GTPFlowWatcher() {}
};

CLICK_ENDDECLS
#endif
