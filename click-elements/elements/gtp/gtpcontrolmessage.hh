#ifndef LCLICK_GTPCONTROLMESSAGE_HH
#define LCLICK_GTPCONTROLMESSAGE_HH
#include "elements/gtp/gtpevent.hh"
CLICK_DECLS

/** What became of a control message. The order is that of gtp_control_verdict_name(). */
enum GTPControlVerdict : uint8_t {
    GTPC_OK,                    // it changed something, or waits for its answer, or nothing had to change
    GTPC_OTHER,                 // a message that says nothing of bearers
    // Not understood.
    GTPC_FRAGMENT, GTPC_SCTP_FRAGMENT, GTPC_BAD_PACKET, GTPC_SHORT, GTPC_BAD_VERSION, GTPC_BAD_LENGTH, GTPC_BAD_IE, GTPC_UNKNOWN_IE,
    GTPC_BAD_ENCODING, GTPC_INCOMPLETE,
    // Understood, and nothing came of it.
    GTPC_RETRANSMITTED, GTPC_UNMATCHED, GTPC_REFUSED, GTPC_NO_CONTEXT,
    GTPC_NVERDICTS
};
const char *gtp_control_verdict_name(GTPControlVerdict);

/** A tunnel's end as a message tells it: one TEID at an IPv4 address, an IPv6 one, or both. */
struct GTPControlEnd {
    uint32_t teid;              // host order
    GTPAddress v4, v6;
    explicit operator bool() const { return v4 || v6; }
    bool operator==(const GTPControlEnd &x) const { return teid == x.teid && v4 == x.v4 && v6 == x.v6; }
    /** The end as one address, of the family that @a other has, too; IPv4 if both can both. */
    GTPEndpoint endpoint(const GTPControlEnd &other) const {
        bool six = !v4 || (v6 && other.v6 && !other.v4);
        return GTPEndpoint{six ? v6 : v4, teid};
    }
};

/** A UE's addresses. */
struct GTPControlUE {
    GTPAddress v4, v6;
    uint8_t v6_prefix_length;
    explicit operator bool() const { return v4 || v6; }
};

/** A bearer (or PDP context) in a message. */
struct GTPControlBearer {
    /** Where a tunnel is: between the RAN and the SGW (S1-U, S12, S4-U, S11-U), or behind the SGW (S5/S8, S2a, S2b; Gn). */
    enum Place { access, network };
    enum Side { uplink, downlink };         // the core's end, the RAN's end
    uint8_t ebi;                            // or NSAPI; 0: not told
    uint8_t cause;                          // 0: not told
    bool removal;                           // it is to be removed
    GTPControlEnd end[2][2];                // by place and side
};

/** What a message of GTPv1-C (TS 29.060) or GTPv2-C (TS 29.274) asks for or answers. */
enum GTPControlProcedure : uint8_t {
    GTPC_NO_PROCEDURE, GTPC_CREATE, GTPC_CREATE_BEARER, GTPC_MODIFY, GTPC_DELETE_SESSION, GTPC_DELETE_BEARER, GTPC_DELETE_PDP, GTPC_RELEASE_ACCESS
};

/** What was read of a message. */
struct GTPControlMessage {
    enum { max_bearers = 15 };
    uint8_t version, type;
    GTPControlProcedure procedure;
    bool response;
    bool has_recovery;
    uint8_t recovery;                       // the sender's restart counter (TS 23.007 §18)
    bool scope_all;                         // Delete Session with SI: all bearers; Delete PDP Context with teardown: all with this address
    uint8_t cause;                          // 0: not told
    uint8_t linked;                         // linked EBI (or NSAPI); 0: none
    uint8_t nbearers;
    uint16_t listed;                        // EBIs in a list of their own, a bit each
    uint32_t sequence, teid;
    GTPControlEnd control;                  // the sender's end for control messages
    GTPControlUE ue;
    GTPControlBearer bearer[max_bearers];

    bool accepted(uint8_t c) const { return version == 1 ? c >= 128 && c < 192 : c >= 16 && c < 64; }
    bool accepted() const { return accepted(cause); }
    /** There is no such context: what was to be deleted is gone (TS 29.060 §7.7.1, TS 29.274 §8.4). */
    bool context_unknown() const { return cause == (version == 1 ? 192 : 64); }
    const GTPControlBearer *find(uint8_t ebi) const {
        for (int i = 0; i < nbearers; ++i)
            if (bearer[i].ebi == ebi) return &bearer[i];
        return nullptr;
    }
};

/** Read the message that @a n bytes begin with. @a used is how long it is: behind a message of version 2 there may be another one. */
GTPControlVerdict gtpv1c_parse(const unsigned char *d, uint32_t n, GTPControlMessage &m);
GTPControlVerdict gtpv2c_parse(const unsigned char *d, uint32_t n, GTPControlMessage &m, uint32_t &used);
/** `create-session-request`; null if it has no name here. */
const char *gtpv1c_name(uint8_t type);
const char *gtpv2c_name(uint8_t type);

/** Reads from a stretch of bytes, never beyond. */
class GTPControlReader { public:
    GTPControlReader(const unsigned char *p, uint32_t n) : _p(p), _end(p + n) {}
    uint32_t left() const { return (uint32_t) (_end - _p); }
    const unsigned char *at() const { return _p; }
    /** The next @a n bytes, null if there are not as many. */
    const unsigned char *take(uint32_t n) {
        if (n > left()) return nullptr;
        const unsigned char *p = _p;
        _p += n;
        return p;
    }
    static uint32_t get16(const unsigned char *p) { return (uint32_t) p[0] << 8 | p[1]; }
    static uint32_t get24(const unsigned char *p) { return get16(p) << 8 | p[2]; }
    static uint32_t get32(const unsigned char *p) { return get16(p) << 16 | get16(p + 2); }
    static GTPAddress address4(const unsigned char *p) {
        uint32_t a;
        memcpy(&a, p, 4);
        return a ? GTPAddress::from4(a) : GTPAddress::none();
    }
  private:
    const unsigned char *_p, *_end;
};

CLICK_ENDDECLS
#endif
