#include <click/config.h>
#include "gtpframe.hh"
CLICK_DECLS

const char *gtp_reason_name(GTPVerdict v) {
    static const char *const names[] = {
        "gpdu", "not_ip", "not_gtp", "fragment", "signalling", "inner_not_ip", "unknown_extension", "bad_outer_ip", "bad_udp_length",
        "zero_checksum", "short", "bad_version", "bad_protocol_type", "bad_length", "short_options", "bad_extension", "inner_short", "inner_bad_length"};
    static_assert(sizeof names / sizeof *names == GTP_NVERDICTS, "a name for each");
    return names[v];
}

bool gtp_known_extension(uint8_t type) {
    switch (type) {
    case GTPU_EXT_SERVICE_CLASS: case GTPU_EXT_UDP_PORT: case GTPU_EXT_RAN_CONTAINER: case GTPU_EXT_LONG_PDCP_PDU: case GTPU_EXT_XW_RAN_CONTAINER:
    case GTPU_EXT_NR_RAN_CONTAINER: case GTPU_EXT_PDU_SESSION: case GTPU_EXT_PDCP_PDU:
        return true;
    default:
        return false;
    }
}

namespace {
/** Outer IPv6 (RFC 8200): @a at moves to what follows its headers. Options are passed over; GTP_GPDU if that is UDP. */
GTPVerdict outer_ip6(const unsigned char *d, uint32_t len, uint32_t &at, GTPFrame &f) {
    if (len < at + 40 || d[at] >> 4 != 6)
        return GTP_BAD_OUTER_IP;
    uint32_t payload = gtp_get16(d + at + 4);
    if (payload > len - at - 40)
        return GTP_BAD_OUTER_IP;
    uint8_t next = d[at + 6];
    f.outer6 = true;
    f.tos = (uint8_t) (gtp_get16(d + at) >> 4);
    f.src = GTPAddress::from6(d + at + 8), f.dst = GTPAddress::from6(d + at + 24);
    if (f.src.is4() || f.dst.is4())
        return GTP_BAD_OUTER_IP;             // mapped addresses have no business on the wire (RFC 4291 §2.5.5.2)
    at += 40;
    f.end = at + payload;
    while (next == 0 || next == 60 || next == 43) {        // hop-by-hop, destination options, routing
        if (f.end - at < 8)
            return GTP_BAD_OUTER_IP;
        uint32_t n = 8 + 8 * (uint32_t) d[at + 1];
        if (n > f.end - at)
            return GTP_BAD_OUTER_IP;
        next = d[at];
        at += n;
    }
    return next == 17 ? GTP_GPDU : next == 44 ? GTP_FRAGMENT : GTP_NOT_GTP;
}

/** The same for IPv4 (RFC 791). */
GTPVerdict outer_ip4(const unsigned char *d, uint32_t len, uint32_t &at, GTPFrame &f) {
    if (len < at + 20 || d[at] >> 4 != 4)
        return GTP_BAD_OUTER_IP;
    uint32_t hlen = (d[at] & 15) * 4, total = gtp_get16(d + at + 2);
    if (hlen < 20 || total < hlen || total > len - at)
        return GTP_BAD_OUTER_IP;
    f.tos = d[at + 1];
    uint32_t a[2];
    memcpy(a, d + at + 12, 8);
    f.src = GTPAddress::from4(a[0]), f.dst = GTPAddress::from4(a[1]);
    f.end = at + total;
    if (d[at + 9] != 17)
        return GTP_NOT_GTP;
    if (gtp_get16(d + at + 6) & 0x3FFF)
        return GTP_FRAGMENT;
    at += hlen;
    return GTP_GPDU;
}

/** TS 29.281 §5.2.1: length in units of 4 octets, then content, then the next type as the last octet. */
GTPVerdict extensions(const unsigned char *d, uint8_t type, uint32_t &at, GTPFrame &f) {
    GTPVerdict verdict = GTP_GPDU;
    while (type) {
        if (at >= f.end)
            return GTP_BAD_EXTENSION;
        uint32_t n = d[at] * 4;
        if (!n || n > f.end - at)
            return GTP_BAD_EXTENSION;
        if (type == GTPU_EXT_PDU_SESSION && !f.has_qfi)        // TS 38.415 §5.5.2: PDU type, ...; in both types the QFI ends the second octet
            f.has_qfi = d[at + 1] >> 4 <= 1, f.qfi = d[at + 2] & 0x3F;
        // Bits 8 and 7: the endpoint must understand it. A function that ends the tunnel for a packet is in the endpoint's place.
        if (type & 0x80 && !gtp_known_extension(type))
            verdict = GTP_UNKNOWN_EXTENSION;
        type = d[at + n - 1];
        at += n;
    }
    return verdict;
}

GTPVerdict inner(const unsigned char *d, uint32_t at, GTPFrame &f) {
    uint32_t size = f.end - at;
    f.inner = at;
    if (at > 0xF000)
        return GTP_BAD_EXTENSION;       // a chain of headers that long is no one's; offsets of a packet's parts fit 16 bits then
    if (!size)
        return GTP_INNER_SHORT;
    uint32_t hlen, total;
    switch (d[at] >> 4) {
    case 4:
        if (size < 20)
            return GTP_INNER_SHORT;
        hlen = (d[at] & 15) * 4, total = gtp_get16(d + at + 2);
        if (hlen < 20 || total < hlen || total > size)
            return GTP_INNER_BAD_LENGTH;
        break;
    case 6:
        if (size < 40)
            return GTP_INNER_SHORT;
        hlen = 40, total = 40 + gtp_get16(d + at + 4);
        if (total > size)
            return GTP_INNER_BAD_LENGTH;
        f.inner6 = true;
        break;
    default:
        return GTP_INNER_NOT_IP;
    }
    f.inner_header_length = (uint16_t) hlen;
    return GTP_GPDU;
}
}

GTPVerdict gtp_examine(const unsigned char *d, uint32_t len, GTPFrame &f) {
    // Ethernet, with up to two VLAN tags of which the outer is kept
    if (len < 14)
        return GTP_NOT_IP;
    uint32_t at = 12;
    uint16_t type = gtp_get16(d + at);
    for (int tags = 0; (type == 0x8100 || type == 0x88A8) && tags < 2; ++tags) {
        if (len < at + 6)
            return GTP_NOT_IP;
        if (!tags)
            f.vlan_tpid = type, f.vlan_tci = gtp_get16(d + at + 2);
        at += 4;
        type = gtp_get16(d + at);
    }
    at += 2;
    f.outer = at;
    GTPVerdict v = likely(type == 0x0800) ? outer_ip4(d, len, at, f) : type == 0x86DD ? outer_ip6(d, len, at, f) : GTP_NOT_IP;
    if (v != GTP_GPDU)
        return v;

    // UDP. TS 29.281 §4.4.2.3: a G-PDU goes to port 2152; its source port is the sender's choice. (An Echo Response goes to where the request
    // came from, mostly 2152 too.)
    uint32_t end = f.end;
    if (end - at < 8 || gtp_get16(d + at + 2) != GTPU_PORT)
        return GTP_NOT_GTP;
    if (gtp_get16(d + at + 4) != end - at)
        return GTP_BAD_UDP_LENGTH;
    if (f.outer6 && !gtp_get16(d + at + 6))
        return GTP_ZERO_CHECKSUM;            // RFC 8200 §8.1
    at += 8;

    // GTP-U header, TS 29.281 §5.1
    if (end - at < 8)
        return GTP_SHORT;
    f.gtp = at;
    f.flags = d[at];
    f.message_type = d[at + 1];
    if (f.flags >> 5 != 1)
        return GTP_BAD_VERSION;
    if (!(f.flags & 0x10))
        return GTP_BAD_PROTOCOL_TYPE;       // PT 0 is GTP', which has no business on this port
    if (gtp_get16(d + at + 2) != end - at - 8)
        return GTP_BAD_LENGTH;
    f.teid = gtp_get32(d + at + 4);
    at += 8;
    v = GTP_GPDU;
    if (f.flags & (GTPU_E | GTPU_S | GTPU_PN)) {
        // If any of the three flags is set, all three fields are there; each counts only if its own flag is.
        if (end - at < 4)
            return GTP_SHORT_OPTIONS;
        f.sequence = gtp_get16(d + at);
        uint8_t next = f.flags & GTPU_E ? d[at + 3] : 0;
        at += 4;
        v = extensions(d, next, at, f);
        if (v == GTP_BAD_EXTENSION)
            return v;
    }
    f.inner = at;
    if (f.message_type != GTPU_GPDU)
        return GTP_SIGNALLING;
    return v == GTP_GPDU ? inner(d, at, f) : v;
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPFrame)
