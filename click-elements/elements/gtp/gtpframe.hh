#ifndef LCLICK_GTPFRAME_HH
#define LCLICK_GTPFRAME_HH
#include <click/glue.hh>
CLICK_DECLS

/** What an Ethernet frame is to a GTP-U middlebox (TS 29.281). The order is that of gtp_reason_name(). */
enum GTPVerdict : uint8_t {
    GTP_GPDU,               // a well-formed G-PDU with IPv4 inside
    // Not for us; nothing is wrong with it.
    GTP_NOT_IPV4, GTP_NOT_GTP, GTP_FRAGMENT, GTP_SIGNALLING, GTP_INNER_IPV6,
    // Malformed.
    GTP_BAD_OUTER_IP, GTP_BAD_UDP_LENGTH, GTP_SHORT, GTP_BAD_VERSION, GTP_BAD_PROTOCOL_TYPE, GTP_BAD_LENGTH,
    GTP_SHORT_OPTIONS, GTP_BAD_EXTENSION, GTP_INNER_SHORT, GTP_INNER_NOT_IP, GTP_INNER_BAD_LENGTH,
    GTP_NVERDICTS
};
inline bool gtp_malformed(GTPVerdict v) { return v >= GTP_BAD_OUTER_IP; }
const char *gtp_reason_name(GTPVerdict);

enum { GTPU_PORT = 2152, GTPU_VERSION_1_PT_1 = 0x30, GTPU_E = 0x04, GTPU_S = 0x02, GTPU_PN = 0x01, GTPU_GPDU = 255 };

/** Where things are in a frame, as far as the verdict says that they are there. Addresses in network order. */
struct GTPFrame {
    GTPVerdict verdict;
    uint8_t message_type;
    uint16_t vlan_tci;         // of the outer tag, if vlan_tpid is not 0
    uint16_t vlan_tpid;
    uint16_t inner;            // offset of the inner packet: what a decapsulator strips
    uint16_t inner_header_length;
    uint32_t outer_src, outer_dst;
    uint32_t teid;             // host order
};

/** What @a length bytes of an Ethernet frame are; fills in what it finds of @a f, all zeros, but for the verdict. Reads nothing beyond them. */
GTPVerdict gtp_examine(const unsigned char *frame, uint32_t length, GTPFrame &f);

inline GTPFrame gtp_parse(const unsigned char *frame, uint32_t length) {
    GTPFrame f = {};
    f.verdict = gtp_examine(frame, length, f);
    return f;
}

inline uint16_t gtp_get16(const unsigned char *p) { uint16_t x; memcpy(&x, p, 2); return ntohs(x); }
inline uint32_t gtp_get32(const unsigned char *p) { uint32_t x; memcpy(&x, p, 4); return ntohl(x); }

CLICK_ENDDECLS
#endif
