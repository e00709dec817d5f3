#include <click/config.h>
#include <clicknet/icmp.h>
#include <clicknet/ip.h>
#include "gtpinner.hh"
CLICK_DECLS

enum { ip6_hop_by_hop = 0, ip6_routing = 43, ip6_fragment = 44, ip6_icmp = 58, ip6_destination_options = 60, icmp6_echo_request = 128, icmp6_echo_reply = 129 };

/** The ports, or what stands for them; @a t bytes into the packet. */
static void transport(const unsigned char *p, uint32_t t, uint32_t available, GTPInner &in) {
    uint32_t size = available > t ? available - t : 0;
    p += t;
    uint16_t src, dst;
    switch (in.protocol) {
    case IP_PROTO_TCP:
        if (size < 14)
            return;
        in.tcp_flags = p[13];
        break;
    case IP_PROTO_UDP:
        if (size < 4)
            return;
        break;
    case IP_PROTO_ICMP:
    case ip6_icmp:
        in.has_ports = true;
        if (size >= 8 && (in.six ? p[0] == icmp6_echo_request || p[0] == icmp6_echo_reply : p[0] == ICMP_ECHO || p[0] == ICMP_ECHOREPLY))
            memcpy(&in.ue_port, p + 4, 2);
        return;
    default:
        in.has_ports = true;
        return;
    }
    memcpy(&src, p, 2);
    memcpy(&dst, p + 2, 2);
    in.ue_port = in.from_ue ? src : dst, in.remote_port = in.from_ue ? dst : src;
    in.has_ports = true;
}

void gtp_inner(const unsigned char *p, uint32_t available, bool from_ue, GTPInner &in) {
    in = GTPInner();
    in.from_ue = from_ue;
    if (likely(p[0] >> 4 == 4)) {
        in.ue = p + (from_ue ? 12 : 16), in.remote = p + (from_ue ? 16 : 12);
        in.protocol = p[9];
        uint32_t fragment = gtp_get16(p + 6);
        if (unlikely(fragment & (IP_MF | IP_OFFMASK))) {
            in.fragment_id = gtp_get16(p + 4);
            if ((in.later_fragment = fragment & IP_OFFMASK))
                return;
            in.first_fragment = true;
        }
        transport(p, (p[0] & 15) * 4, available, in);
        return;
    }
    in.six = true;
    in.ue = p + (from_ue ? 8 : 24), in.remote = p + (from_ue ? 24 : 8);
    in.protocol = p[6];
    uint32_t at = 40;
    for (int i = 0; i < 8 && available >= at + 8; ++i) {
        if (in.protocol == ip6_fragment) {
            uint32_t fragment = gtp_get16(p + at + 2);
            in.fragment_id = gtp_get32(p + at + 4);
            in.later_fragment = (fragment & 0xFFF8) != 0;
            in.first_fragment = !in.later_fragment && (fragment & 1);
            in.protocol = p[at];
            at += 8;
            if (in.later_fragment)
                return;
        } else if (in.protocol == ip6_hop_by_hop || in.protocol == ip6_destination_options || in.protocol == ip6_routing) {
            in.protocol = p[at];
            at += 8 + 8 * (uint32_t) p[at + 1];
        } else
            break;
    }
    transport(p, at, available, in);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPFrame)
ELEMENT_PROVIDES(GTPInner)
