#ifndef LCLICK_GTPINNER_HH
#define LCLICK_GTPINNER_HH
#include "elements/gtp/gtpsession.hh"
CLICK_DECLS

/** What flow an inner packet belongs to. Ports and addresses in network order. */
struct GTPInner {
    bool six;
    bool from_ue;
    bool has_ports;               // false for a later fragment, or where the packet is too short for them
    bool first_fragment, later_fragment;
    uint8_t protocol;
    uint8_t tcp_flags;
    uint32_t fragment_id;
    uint16_t ue_port, remote_port;
    const unsigned char *ue, *remote;        // 4 or 16 bytes in the packet, at any offset

    GTPFlowKey key4() const {
        GTPFlowKey k;
        memcpy(&k.ue, ue, 4);
        memcpy(&k.remote, remote, 4);
        k.ue_port = ue_port, k.remote_port = remote_port, k.proto = protocol;
        return k;
    }
    GTPFlowKey6 key6() const {
        GTPFlowKey6 k;
        memcpy(k.ue, ue, 16);
        memcpy(k.remote, remote, 16);
        k.ue_port = ue_port, k.remote_port = remote_port, k.proto = protocol;
        return k;
    }
    GTPSessionKey session() const {
        if (six) return GTPSessionKey::of6(ue);
        uint32_t a;
        memcpy(&a, ue, 4);
        return GTPSessionKey::of4(a);
    }
};

/** Looks at an IP packet whose header has been checked, of which @a available bytes are there. */
void gtp_inner(const unsigned char *packet, uint32_t available, bool from_ue, GTPInner &);

CLICK_ENDDECLS
#endif
