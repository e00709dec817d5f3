// GTPv2-C, TS 29.274: the tunnel management messages (§7.2) as far as they tell of tunnels.
#include <click/config.h>
#include "gtpcontrolmessage.hh"
CLICK_DECLS

const char *gtpv2c_name(uint8_t type) {
    switch (type) {
    case 1: return "echo-request";
    case 2: return "echo-response";
    case 3: return "version-not-supported";
    case 32: return "create-session-request";
    case 33: return "create-session-response";
    case 34: return "modify-bearer-request";
    case 35: return "modify-bearer-response";
    case 36: return "delete-session-request";
    case 37: return "delete-session-response";
    case 64: return "modify-bearer-command";
    case 66: return "delete-bearer-command";
    case 68: return "bearer-resource-command";
    case 95: return "create-bearer-request";
    case 96: return "create-bearer-response";
    case 97: return "update-bearer-request";
    case 98: return "update-bearer-response";
    case 99: return "delete-bearer-request";
    case 100: return "delete-bearer-response";
    case 170: return "release-access-bearers-request";
    case 171: return "release-access-bearers-response";
    case 176: return "downlink-data-notification";
    case 177: return "downlink-data-notification-acknowledge";
    case 211: return "modify-access-bearers-request";
    case 212: return "modify-access-bearers-response";
    default: return nullptr;
    }
}

static GTPControlProcedure procedure(uint8_t type, bool &response) {
    response = type == 33 || type == 35 || type == 37 || type == 96 || type == 98 || type == 100 || type == 171 || type == 212;
    switch (type) {
    case 32: case 33: return GTPC_CREATE;
    case 34: case 35: case 97: case 98: case 211: case 212: return GTPC_MODIFY;
    case 36: case 37: return GTPC_DELETE_SESSION;
    case 95: case 96: return GTPC_CREATE_BEARER;
    case 99: case 100: return GTPC_DELETE_BEARER;
    case 170: case 171: return GTPC_RELEASE_ACCESS;
    default: return GTPC_NO_PROCEDURE;
    }
}

namespace {
/** An information element, §8.2.1. */
struct Element2 { uint8_t type, instance; uint32_t length; const unsigned char *value; };
}

static bool next(GTPControlReader &r, Element2 &e) {
    const unsigned char *p = r.take(4);
    if (!p) return false;
    e.type = p[0], e.instance = p[3] & 15, e.length = GTPControlReader::get16(p + 1);
    e.value = r.take(e.length);
    return e.value != nullptr;
}

/** F-TEID, §8.22: @a interface is its type. */
static bool fteid(const Element2 &e, uint8_t &interface, GTPControlEnd &end) {
    end = GTPControlEnd();
    GTPControlReader r(e.value, e.length);
    const unsigned char *p = r.take(5);
    if (!p) return false;
    interface = p[0] & 0x3F;
    end.teid = GTPControlReader::get32(p + 1);
    if (p[0] & 0x80) {
        const unsigned char *a = r.take(4);
        if (!a) return false;
        end.v4 = GTPControlReader::address4(a);
    }
    if (p[0] & 0x40) {
        const unsigned char *a = r.take(16);
        if (!a) return false;
        end.v6 = GTPAddress::from6(a);
    }
    return true;
}

/** Where a tunnel's end of this interface type (§8.22) is; false for those that are no bearer's: control, forwarding, multicast. */
static bool place_of(uint8_t interface, GTPControlBearer::Place &place, GTPControlBearer::Side &side) {
    switch (interface) {
    case 0: case 2: case 15: case 38: place = GTPControlBearer::access, side = GTPControlBearer::downlink; return true;     // S1-U eNodeB, S12 RNC, S4 SGSN, S11 MME
    case 1: case 3: case 16: case 39: place = GTPControlBearer::access, side = GTPControlBearer::uplink; return true;       // the SGW's
    case 4: case 31: case 34: place = GTPControlBearer::network, side = GTPControlBearer::downlink; return true;            // S5/S8 SGW, S2b ePDG, S2a TWAN
    case 5: case 33: case 37: place = GTPControlBearer::network, side = GTPControlBearer::uplink; return true;              // the PGW's
    default: return false;
    }
}

/** Bearer Context, §8.28: elements of its own. */
static bool bearer_context(const Element2 &context, GTPControlBearer &b) {
    b = GTPControlBearer();
    GTPControlReader r(context.value, context.length);
    for (Element2 e; r.left();) {
        if (!next(r, e)) return false;
        if (e.type == 73 && e.instance == 0) {
            if (!e.length) return false;
            b.ebi = e.value[0] & 15;
        } else if (e.type == 2 && e.instance == 0) {
            if (!e.length) return false;
            b.cause = e.value[0];
        } else if (e.type == 87) {
            uint8_t interface;
            GTPControlEnd end;
            GTPControlBearer::Place place;
            GTPControlBearer::Side side;
            if (!fteid(e, interface, end)) return false;
            // Of several for one side, as S4-U and S12 of an SGW, the first one counts until a later message names the other.
            if (place_of(interface, place, side) && !b.end[place][side]) b.end[place][side] = end;
        }
    }
    return true;
}

/** PAA, §8.14. */
static bool pdn_address(const Element2 &e, GTPControlUE &ue) {
    GTPControlReader r(e.value, e.length);
    const unsigned char *p = r.take(1);
    if (!p) return false;
    uint8_t type = p[0] & 7;
    if (type == 2 || type == 3) {
        if (!(p = r.take(17))) return false;
        if (p[0] > 128) return false;
        ue.v6_prefix_length = p[0], ue.v6 = GTPAddress::from6(p + 1);
    }
    if (type == 1 || type == 3) {
        if (!(p = r.take(4))) return false;
        ue.v4 = GTPControlReader::address4(p);
    }
    return true;
}

GTPControlVerdict gtpv2c_parse(const unsigned char *d, uint32_t n, GTPControlMessage &m, uint32_t &used) {
    m = GTPControlMessage();
    used = n;
    // The header, §5.1
    GTPControlReader all(d, n);
    const unsigned char *p = all.take(8);
    if (!p) return GTPC_SHORT;
    if (p[0] >> 5 != 2) return GTPC_BAD_VERSION;
    bool piggybacked = p[0] & 0x10, has_teid = p[0] & 0x08;
    m.version = 2, m.type = p[1];
    uint32_t length = GTPControlReader::get16(p + 2) + 4;
    if (length > n || (length < n && !piggybacked) || length < (has_teid ? 12u : 8u)) return GTPC_BAD_LENGTH;
    used = length;
    GTPControlReader r(d + 4, length - 4);
    if (has_teid) m.teid = GTPControlReader::get32(r.take(4));
    m.sequence = GTPControlReader::get24(r.take(4));
    m.procedure = procedure(m.type, m.response);
    const bool echo = m.type == 1 || m.type == 2;
    if (!m.procedure && !echo) return GTPC_OTHER;

    GTPControlEnd pgw = GTPControlEnd();
    for (Element2 e; r.left();) {
        if (!next(r, e)) return GTPC_BAD_IE;
        switch (e.type) {
        case 2:                                             // Cause, §8.4
            if (e.instance) break;
            if (!e.length) return GTPC_BAD_IE;
            m.cause = e.value[0];
            break;
        case 3:                                             // Recovery, §8.5
            if (e.instance) break;
            if (!e.length) return GTPC_BAD_IE;
            m.recovery = e.value[0], m.has_recovery = true;
            break;
        case 73:                                            // EBI, §8.8: instance 0 is the linked one, or a list where the message has no linked one
            if (!e.length) return GTPC_BAD_IE;
            if (e.instance == 0 && m.procedure != GTPC_RELEASE_ACCESS) m.linked = e.value[0] & 15;
            else if (e.instance < 2) m.listed |= (uint16_t) (1u << (e.value[0] & 15));
            break;
        case 77:                                            // Indication, §8.12
            if (e.instance == 0 && e.length > 1) m.scope_all = e.value[1] & 0x02;
            break;
        case 79:
            if (e.instance == 0 && !pdn_address(e, m.ue)) return GTPC_BAD_IE;
            break;
        case 87: {                                          // the sender's F-TEID for control: instance 0, but of a PGW instance 1 (§7.2.2); others are of third parties
            uint8_t interface;
            GTPControlEnd end;
            if (!fteid(e, interface, end)) return GTPC_BAD_IE;
            GTPControlBearer::Place place;
            GTPControlBearer::Side side;
            if (e.instance == 0 && !place_of(interface, place, side)) m.control = end;
            if (e.instance == 1 && m.response && (interface == 7 || interface == 32 || interface == 36)) pgw = end;
            break;
        }
        case 93:
            if (e.instance > 1 || m.nbearers == GTPControlMessage::max_bearers) break;
            if (!bearer_context(e, m.bearer[m.nbearers])) return GTPC_BAD_IE;
            // §7.2.1, §7.2.2, §7.2.7, §7.2.24: instance 1 holds those to be removed
            m.bearer[m.nbearers].removal = e.instance == 1;
            m.nbearers++;
            break;
        default: break;
        }
    }
    if (!m.control) m.control = pgw;
    return echo ? GTPC_OTHER : GTPC_OK;
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPv2C)
