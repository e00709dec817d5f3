#include <click/config.h>
#include "gtpframe.hh"
CLICK_DECLS

const char *gtp_reason_name(GTPVerdict v) {
    static const char *const names[] = {
        "gpdu", "not_ipv4", "not_gtp", "fragment", "signalling", "inner_ipv6", "bad_outer_ip", "bad_udp_length", "short", "bad_version",
        "bad_protocol_type", "bad_length", "short_options", "bad_extension", "inner_short", "inner_not_ip", "inner_bad_length"};
    static_assert(sizeof names / sizeof *names == GTP_NVERDICTS, "a name for each");
    return names[v];
}

GTPVerdict gtp_examine(const unsigned char *d, uint32_t len, GTPFrame &f) {
    // Ethernet, with up to two VLAN tags of which the outer is kept
    if (len < 14)
        return GTP_NOT_IPV4;
    uint32_t at = 12;
    uint16_t type = gtp_get16(d + at);
    for (int tags = 0; (type == 0x8100 || type == 0x88A8) && tags < 2; ++tags) {
        if (len < at + 6)
            return GTP_NOT_IPV4;
        if (!tags)
            f.vlan_tpid = type, f.vlan_tci = gtp_get16(d + at + 2);
        at += 4;
        type = gtp_get16(d + at);
    }
    at += 2;
    if (type != 0x0800)
        return GTP_NOT_IPV4;

    // Outer IPv4 (RFC 791); what follows the total length is Ethernet padding
    if (len < at + 20 || d[at] >> 4 != 4)
        return GTP_BAD_OUTER_IP;
    uint32_t hlen = (d[at] & 15) * 4, total = gtp_get16(d + at + 2);
    if (hlen < 20 || total < hlen || total > len - at)
        return GTP_BAD_OUTER_IP;
    if (d[at + 9] != 17)
        return GTP_NOT_GTP;
    if (gtp_get16(d + at + 6) & 0x3FFF)
        return GTP_FRAGMENT;
    memcpy(&f.outer_src, d + at + 12, 4);
    memcpy(&f.outer_dst, d + at + 16, 4);
    uint32_t end = at + total;
    at += hlen;

    // UDP. TS 29.281 §4.4.2.3: a G-PDU goes to port 2152; its source port is the sender's choice.
    if (end - at < 8)
        return GTP_NOT_GTP;
    if (gtp_get16(d + at + 2) != GTPU_PORT)
        return GTP_NOT_GTP;
    if (gtp_get16(d + at + 4) != end - at)
        return GTP_BAD_UDP_LENGTH;
    at += 8;

    // GTP-U header, TS 29.281 §5.1
    if (end - at < 8)
        return GTP_SHORT;
    uint8_t flags = d[at];
    f.message_type = d[at + 1];
    if (flags >> 5 != 1)
        return GTP_BAD_VERSION;
    if (!(flags & 0x10))
        return GTP_BAD_PROTOCOL_TYPE;       // PT 0 is GTP', which has no business on this port
    if (gtp_get16(d + at + 2) != end - at - 8)
        return GTP_BAD_LENGTH;
    if (f.message_type != GTPU_GPDU)
        return GTP_SIGNALLING;
    f.teid = gtp_get32(d + at + 4);
    at += 8;
    if (flags & (GTPU_E | GTPU_S | GTPU_PN)) {
        // If any of the three flags is set, all three fields are there; each counts only if its own flag is.
        if (end - at < 4)
            return GTP_SHORT_OPTIONS;
        uint8_t next = flags & GTPU_E ? d[at + 3] : 0;
        at += 4;
        // §5.2.1: length in units of 4 octets, then content, then the next type as the last octet
        while (next) {
            if (at >= end)
                return GTP_BAD_EXTENSION;
            uint32_t n = d[at] * 4;
            if (!n || n > end - at)
                return GTP_BAD_EXTENSION;
            next = d[at + n - 1];
            at += n;
        }
    }

    // The T-PDU
    if (at == end)
        return GTP_INNER_SHORT;
    if (d[at] >> 4 == 6)
        return end - at < 40 ? GTP_INNER_SHORT : GTP_INNER_IPV6;
    if (d[at] >> 4 != 4)
        return GTP_INNER_NOT_IP;
    if (end - at < 20)
        return GTP_INNER_SHORT;
    hlen = (d[at] & 15) * 4, total = gtp_get16(d + at + 2);
    if (hlen < 20 || total < hlen || total > end - at)
        return GTP_INNER_BAD_LENGTH;
    f.inner = (uint16_t) at, f.inner_header_length = (uint16_t) hlen;
    return GTP_GPDU;
}

CLICK_ENDDECLS
