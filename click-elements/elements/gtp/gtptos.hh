#ifndef LCLICK_GTPTOS_HH
#define LCLICK_GTPTOS_HH
#include "elements/gtp/gtpframe.hh"
CLICK_DECLS

/** The byte of DSCP and ECN of an IPv4 or IPv6 header. */
inline uint8_t gtp_tos(const unsigned char *ip) { return ip[0] >> 4 == 4 ? ip[1] : (uint8_t) (gtp_get16(ip) >> 4); }

inline void gtp_set_tos(unsigned char *ip, uint8_t tos) {
    if (ip[0] >> 4 == 6) {
        gtp_put16(ip, (gtp_get16(ip) & 0xF00FU) | (uint32_t) tos << 4);
        return;
    }
    // RFC 1624, equation 3: HC' = ~(~HC + ~m + m')
    uint32_t sum = (uint16_t) ~gtp_get16(ip + 10) + (uint16_t) ~gtp_get16(ip);
    ip[1] = tos;
    sum += gtp_get16(ip);
    sum = (sum & 0xFFFF) + (sum >> 16);
    gtp_put16(ip + 10, ~(sum + (sum >> 16)) & 0xFFFF);
}

/** That of the outer header of an Ethernet frame that gtp_examine() has called a G-PDU. */
inline uint8_t gtp_outer_tos(const unsigned char *frame) {
    uint32_t at = 12;
    while (frame[at] == 0x81 || frame[at] == 0x88)        // VLAN tags: 0x8100, 0x88A8
        at += 4;
    return gtp_tos(frame + at + 2);
}

CLICK_ENDDECLS
#endif
