#ifndef LCLICK_GTPFRAME_HH
#define LCLICK_GTPFRAME_HH
#include "elements/gtp/gtpaddress.hh"
CLICK_DECLS

/** What an Ethernet frame is to a GTP-U middlebox (TS 29.281). The order is that of gtp_reason_name(). */
enum GTPVerdict : uint8_t {
    GTP_GPDU,               // a well-formed G-PDU with IPv4 or IPv6 inside
    // Not for us; nothing is wrong with it.
    GTP_NOT_IP, GTP_NOT_GTP, GTP_FRAGMENT, GTP_SIGNALLING,
    GTP_INNER_NOT_IP,           // Ethernet or unstructured PDU sessions (TS 23.501 §5.6.10)
    GTP_UNKNOWN_EXTENSION,      // a header that whoever takes the packet must understand (TS 29.281 §5.2.1), and we do not
    // Malformed.
    GTP_BAD_OUTER_IP, GTP_BAD_UDP_LENGTH, GTP_ZERO_CHECKSUM, GTP_SHORT, GTP_BAD_VERSION, GTP_BAD_PROTOCOL_TYPE, GTP_BAD_LENGTH,
    GTP_SHORT_OPTIONS, GTP_BAD_EXTENSION, GTP_INNER_SHORT, GTP_INNER_BAD_LENGTH,
    GTP_NVERDICTS
};
inline bool gtp_malformed(GTPVerdict v) { return v >= GTP_BAD_OUTER_IP; }
const char *gtp_reason_name(GTPVerdict);

enum { GTPU_PORT = 2152, GTPU_VERSION_1_PT_1 = 0x30, GTPU_E = 0x04, GTPU_S = 0x02, GTPU_PN = 0x01 };
/** TS 29.281 table 6.1-1 */
enum GTPMessage : uint8_t {
    GTPU_ECHO_REQUEST = 1, GTPU_ECHO_RESPONSE = 2, GTPU_ERROR_INDICATION = 26, GTPU_EXTENSIONS_NOTIFICATION = 31, GTPU_TUNNEL_STATUS = 253,
    GTPU_END_MARKER = 254, GTPU_GPDU = 255
};
/** TS 29.281 figure 5.2.1-3 */
enum GTPExtension : uint8_t {
    GTPU_EXT_NONE = 0, GTPU_EXT_SERVICE_CLASS = 0x20, GTPU_EXT_UDP_PORT = 0x40, GTPU_EXT_RAN_CONTAINER = 0x81, GTPU_EXT_LONG_PDCP_PDU = 0x82,
    GTPU_EXT_XW_RAN_CONTAINER = 0x83, GTPU_EXT_NR_RAN_CONTAINER = 0x84, GTPU_EXT_PDU_SESSION = 0x85, GTPU_EXT_PDCP_PDU = 0xC0
};
bool gtp_known_extension(uint8_t type);

/** Where things are in a frame, as far as the verdict says that they are there. Offsets are from the frame's start. */
struct GTPFrame {
    GTPVerdict verdict;
    uint8_t message_type, flags;
    uint8_t qfi;                 // with has_qfi: of the PDU session container (TS 38.415 §5.5)
    bool has_qfi, outer6, inner6;
    uint8_t tos;                 // outer DSCP and ECN
    uint16_t vlan_tpid, vlan_tci;        // of the outer tag, if vlan_tpid is not 0
    uint32_t outer, gtp;         // the outer IP header, the GTP header
    uint32_t end;                // where the outer packet ends; what follows is Ethernet padding
    uint32_t inner;              // the inner packet: what a decapsulator strips. In signalling: what follows the header
    uint16_t inner_header_length;
    uint16_t sequence;           // if flags has GTPU_S
    uint32_t teid;               // host order
    GTPAddress src, dst;         // outer
};

/** What @a length bytes of an Ethernet frame are; fills in what it finds of @a f, all zeros, but for the verdict. Reads nothing beyond them. */
GTPVerdict gtp_examine(const unsigned char *frame, uint32_t length, GTPFrame &f);

inline uint16_t gtp_get16(const unsigned char *p) { uint16_t x; memcpy(&x, p, 2); return ntohs(x); }
inline uint32_t gtp_get32(const unsigned char *p) { uint32_t x; memcpy(&x, p, 4); return ntohl(x); }
/** What most frames are, with fewer steps: a G-PDU of IPv4 in untagged IPv4 without options or fragments, with a header of 8 octets. False of any other. */
inline bool gtp_parse_plain(const unsigned char *d, uint32_t length, GTPFrame &f) {
    enum { outer = 14, udp = outer + 20, gtp = udp + 8, inner = gtp + 8 };
    uint32_t type_version, flags_type;
    if (length < inner + 20)
        return false;
    memcpy(&type_version, d + 12, 4);
    memcpy(&flags_type, d + gtp, 4);
    const uint32_t total = gtp_get16(d + outer + 2), size = total - (inner - outer), inner_total = gtp_get16(d + inner + 2), hlen = (d[inner] & 15U) * 4;
    if ((type_version & htonl(0xFFFFFF00U)) != htonl(0x08004500U) || (gtp_get16(d + outer + 6) & 0x3FFF) || d[outer + 9] != 17 || gtp_get16(d + udp + 2) != GTPU_PORT
        || total < inner - outer + 20 || total > length - outer || gtp_get16(d + udp + 4) != total - 20
        || flags_type != htonl(0x30FF0000U | size) || d[inner] >> 4 != 4 || hlen < 20 || inner_total < hlen || inner_total > size)
        return false;
    uint32_t a[2];
    memcpy(a, d + outer + 12, 8);
    // One by one, to where they stay: a copy would wait for these stores.
    f.verdict = GTP_GPDU, f.message_type = GTPU_GPDU, f.flags = GTPU_VERSION_1_PT_1, f.qfi = 0;
    f.has_qfi = f.outer6 = f.inner6 = false, f.tos = d[outer + 1];
    f.vlan_tpid = f.vlan_tci = 0;
    f.outer = outer, f.gtp = gtp, f.end = outer + total, f.inner = inner;
    f.inner_header_length = (uint16_t) hlen, f.sequence = 0;
    f.teid = gtp_get32(d + gtp + 4);
    f.src = GTPAddress::from4(a[0]), f.dst = GTPAddress::from4(a[1]);
    return true;
}

inline void gtp_parse(const unsigned char *frame, uint32_t length, GTPFrame &f) {
    if (likely(gtp_parse_plain(frame, length, f)))
        return;
    f = GTPFrame();
    f.verdict = gtp_examine(frame, length, f);
}

inline void gtp_put16(unsigned char *p, uint32_t x) { p[0] = (unsigned char) (x >> 8), p[1] = (unsigned char) x; }
inline void gtp_put32(unsigned char *p, uint32_t x) { gtp_put16(p, x >> 16), gtp_put16(p + 2, x); }

CLICK_ENDDECLS
#endif
