#include <click/config.h>
#include "ip6packet.hh"
CLICK_DECLS

IP6Chain::IP6Chain(const click_ip6 *ip, uint32_t len) {
    const unsigned char *d = reinterpret_cast<const unsigned char *>(ip);
    proto = ip->ip6_nxt;
    offset = sizeof *ip;
    for (int i = 0; i < max_headers; ++i) {
        uint32_t n;
        switch (proto) {
        case IP6_NXT_HOP_BY_HOP: case IP6_NXT_ROUTING: case IP6_NXT_DESTINATION: case IP6_NXT_FRAGMENT: case IP6_NXT_AUTH:
            if (len - offset < 8)
                return;
            n = proto == IP6_NXT_FRAGMENT ? 8 : proto == IP6_NXT_AUTH ? 4 * (d[offset + 1] + 2u) : 8 * (d[offset + 1] + 1u);
            if (len - offset < n)
                return;
            break;
        default:
            whole = true;
            return;
        }
        if (proto == IP6_NXT_FRAGMENT) {
            fragment = true;
            if (((d[offset + 2] << 8 | d[offset + 3]) & IP6_OFFMASK) != 0) {
                // What follows is the middle of something.
                first = false;
                proto = d[offset];
                offset += n;
                whole = true;
                return;
            }
        }
        // Destination options before a routing header are for each hop of it, others for the end: those are not repeated.
        if (!fragment && (proto == IP6_NXT_HOP_BY_HOP || proto == IP6_NXT_ROUTING))
            unfragmentable = offset + n, nxt_offset = offset;
        proto = d[offset];
        offset += n;
    }
}

CLICK_ENDDECLS
