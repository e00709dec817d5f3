#ifndef LCLICK_GTPCONTROLFRAME_HH
#define LCLICK_GTPCONTROLFRAME_HH
#include "elements/gtp/gtpcontroltracker.hh"
CLICK_DECLS

enum { GTPC_PORT = 2123, S1AP_PORT = 36412 };

/** What an Ethernet frame carries of control traffic. */
struct GTPControlFrame {
    enum Kind : uint8_t {
        other,                  // none
        gtpc,                   // a datagram to or from port 2123; payload is what follows UDP
        sctp,                   // a packet to or from port 36412; payload is its chunks, tag its verification tag
        fragment,               // the first fragment of one
        bad };                  // one whose lengths are wrong
    Kind kind;
    bool is_sctp;
    GTPControlPeers peers;
    const unsigned char *payload;
    uint32_t length, tag;
};

/** Is it surely no control traffic? Says so at little cost of what there is most of: IPv4 without options. */
inline bool gtp_control_not(const unsigned char *frame, uint32_t length) {
    if (length < 38 || frame[12] != 0x08 || frame[13] != 0x00 || frame[14] != 0x45) return false;
    uint32_t sport = GTPControlReader::get16(frame + 34), dport = GTPControlReader::get16(frame + 36);
    return sport != GTPC_PORT && dport != GTPC_PORT && sport != S1AP_PORT && dport != S1AP_PORT;
}

/** Ethernet with up to two VLAN tags, IPv4 or IPv6 with extension headers. Reads nothing beyond @a length bytes. */
GTPControlFrame gtp_control_frame(const unsigned char *frame, uint32_t length);

CLICK_ENDDECLS
#endif
