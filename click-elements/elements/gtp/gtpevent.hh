#ifndef LCLICK_GTPEVENT_HH
#define LCLICK_GTPEVENT_HH
#include "elements/gtp/gtpaddress.hh"
CLICK_DECLS

/** A fully qualified TEID (TS 23.401 §5.6): where a tunnel ends. Without an address it is not known. */
struct GTPEndpoint {
    GTPAddress address;
    uint32_t teid;               // host order
    explicit operator bool() const { return (bool) address; }
    bool operator==(const GTPEndpoint &x) const { return teid == x.teid && address == x.address; }
};

/** What the control plane says of one bearer (E-RAB, PDP context, QoS flows of a PDU session). */
struct GTPBearerEvent {
    enum Kind : uint8_t {
        setup,                   // there is, or will be, such a bearer
        modify,                  // its downlink end is another one now (hand-over, service request)
        suspend,                 // it has no downlink end for now (S1 release: the UE is idle)
        release };               // it is gone
    Kind kind;
    uint8_t ebi;                 // EPS bearer identity, E-RAB ID or NSAPI; 0: not told
    uint8_t ue6_prefix_length;
    const char *protocol;        // "gtpv1-c", "gtpv2-c", "s1ap"
    GTPEndpoint uplink;          // where the RAN sends to: the core's end. It names the bearer
    GTPEndpoint downlink;        // where the core sends to: the RAN's end
    GTPAddress ue4, ue6;         // the UE's addresses (of IPv6 the prefix), where they are told
};

/** Who wants to know of bearers. */
class GTPBearerSink { public:
    virtual void bearer_event(const GTPBearerEvent &) = 0;
  protected:
    ~GTPBearerSink() {}
};

CLICK_ENDDECLS
#endif
