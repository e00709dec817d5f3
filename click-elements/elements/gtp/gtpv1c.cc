// GTPv1-C, TS 29.060: the PDP context messages (§7.3.1 to §7.3.6) as far as they tell of tunnels.
#include <click/config.h>
#include "gtpcontrolmessage.hh"
CLICK_DECLS

const char *gtpv1c_name(uint8_t type) {
    switch (type) {
    case 1: return "echo-request";
    case 2: return "echo-response";
    case 3: return "version-not-supported";
    case 16: return "create-pdp-context-request";
    case 17: return "create-pdp-context-response";
    case 18: return "update-pdp-context-request";
    case 19: return "update-pdp-context-response";
    case 20: return "delete-pdp-context-request";
    case 21: return "delete-pdp-context-response";
    case 27: return "pdu-notification-request";
    case 28: return "pdu-notification-response";
    case 31: return "supported-extension-headers-notification";
    default: return nullptr;
    }
}

/** The length of a TV element's value (Table 37 of §7.7); -1 if it has no business in such a message, so that it cannot be skipped. */
static int tv_length(uint8_t type) {
    switch (type) {
    case 1: case 8: case 11: case 13: case 14: case 15: case 19: case 20: case 21: case 23: case 24: case 29: return 1;
    case 25: case 26: case 27: case 28: return 2;
    case 12: return 3;
    case 4: case 5: case 16: case 17: case 127: return 4;
    case 18: return 5;
    case 3: return 6;
    case 2: return 8;
    case 22: return 9;
    case 9: return 28;
    default: return -1;
    }
}

/** End User Address, §7.7.27. Without an address, the network is to choose one. */
static bool end_user_address(const unsigned char *v, uint32_t n, GTPControlUE &ue) {
    if (n < 2) return false;
    if ((v[0] & 15) != 1) return true;              // not IETF's: PPP has no address
    const unsigned char *a = v + 2;
    n -= 2;
    switch (v[1]) {
    case 0x21:
        if (n != 0 && n != 4) return false;
        if (n) ue.v4 = GTPControlReader::address4(a);
        return true;
    case 0x57:
        if (n != 0 && n != 16) return false;
        if (n) ue.v6 = GTPAddress::from6(a), ue.v6_prefix_length = 64;
        return true;
    case 0x8D:
        if (n != 0 && n != 4 && n != 16 && n != 20) return false;
        if (n == 4 || n == 20) ue.v4 = GTPControlReader::address4(a), a += 4;
        if (n >= 16) ue.v6 = GTPAddress::from6(a), ue.v6_prefix_length = 64;
        return true;
    default:
        return true;
    }
}

static void gsn_address(const unsigned char *v, uint32_t n, GTPControlEnd &end) {
    if (n == 4) end.v4 = GTPControlReader::address4(v);
    else end.v6 = GTPAddress::from6(v);
}

GTPControlVerdict gtpv1c_parse(const unsigned char *d, uint32_t n, GTPControlMessage &m) {
    m = GTPControlMessage();
    // The header, §6
    GTPControlReader r(d, n);
    const unsigned char *p = r.take(8);
    if (!p) return GTPC_SHORT;
    if (p[0] >> 5 != 1 || !(p[0] & 0x10)) return GTPC_BAD_VERSION;
    m.version = 1, m.type = p[1];
    if (GTPControlReader::get16(p + 2) != n - 8) return GTPC_BAD_LENGTH;
    m.teid = GTPControlReader::get32(p + 4);
    const bool echo = m.type == 1 || m.type == 2;
    switch (m.type) {
    case 1: case 2: break;
    case 16: case 17: m.procedure = GTPC_CREATE; break;
    case 18: case 19: m.procedure = GTPC_MODIFY; break;
    case 20: case 21: m.procedure = GTPC_DELETE_PDP; break;
    default: return GTPC_OTHER;
    }
    m.response = echo ? m.type == 2 : m.type & 1;
    if (!(p[0] & 0x02)) return echo ? GTPC_OTHER : GTPC_BAD_LENGTH;     // §6: S is always set in signalling
    const unsigned char *o = r.take(4);
    if (!o) return GTPC_SHORT;
    m.sequence = GTPControlReader::get16(o);
    for (uint8_t next = p[0] & 0x04 ? o[3] : 0; next;) {
        const unsigned char *x = r.left() ? r.at() : nullptr;
        if (!x || !x[0] || !r.take(x[0] * 4u)) return GTPC_BAD_LENGTH;
        next = x[x[0] * 4 - 1];
    }

    // The elements. In which order GSN addresses come says whose they are: first for control, then for user traffic, then alternative ones of both.
    GTPControlBearer &b = m.bearer[0];
    GTPControlEnd user = GTPControlEnd();
    bool has_user = false, has_control = false;
    int addresses = 0, nsapis = 0;
    while (r.left()) {
        uint8_t type = *r.take(1);
        uint32_t length;
        if (type & 0x80) {
            const unsigned char *l = r.take(2);
            if (!l) return GTPC_BAD_IE;
            length = GTPControlReader::get16(l);
        } else {
            int fixed = tv_length(type);
            if (fixed < 0) return GTPC_UNKNOWN_IE;
            length = (uint32_t) fixed;
        }
        const unsigned char *v = r.take(length);
        if (!v) return GTPC_BAD_IE;
        switch (type) {
        case 1: if (!m.cause) m.cause = v[0]; break;                             // §7.7.1
        case 14: m.recovery = v[0], m.has_recovery = true; break;                // §7.7.11
        case 16: user.teid = GTPControlReader::get32(v), has_user = true; break;        // TEID Data I, §7.7.13
        case 17: m.control.teid = GTPControlReader::get32(v), has_control = true; break;        // §7.7.14
        case 19: m.scope_all = v[0] & 1; break;                                  // Teardown Ind, §7.7.16
        case 20:                                                                // NSAPI, §7.7.17; the second one is the linked one (§7.3.1)
            if (nsapis++ == 0) b.ebi = v[0] & 15;
            else if (nsapis == 2) m.linked = v[0] & 15;
            break;
        case 128:
            if (!end_user_address(v, length, m.ue)) return GTPC_BAD_IE;
            break;
        case 133:                                                               // §7.7.32
            if (length != 4 && length != 16) return GTPC_BAD_IE;
            if (addresses < 4) gsn_address(v, length, addresses & 1 ? user : m.control);
            ++addresses;
            break;
        default: break;
        }
    }
    if (!has_control) m.control = GTPControlEnd();
    // The SGSN's end in a request, the GGSN's in a response; who asked is not known here, so that of an update it may be the other way round.
    if (has_user) b.end[GTPControlBearer::network][m.response ? GTPControlBearer::uplink : GTPControlBearer::downlink] = user;
    m.nbearers = 1;
    return echo ? GTPC_OTHER : GTPC_OK;
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPv1C)
