// GTPFastPath: what comes out of the slow path, as examples of what the kernel is to do.
#include <click/config.h>
#include "gtpfastpath.hh"
#include "bpf/gtpparse.h"
#include "elements/gtp/gtpdecap.hh"
#include <initializer_list>
CLICK_DECLS

/** The VLAN that a frame is on. */
static void set_vlan(uint16_t *vlan, const unsigned char *data) {
    if (!is_tag(get16(data + 12)))
        return;
    vlan[0] = get16(data + 12), vlan[1] = get16(data + 14) & net16(0xFFF);
}

static void set_address(uint32_t *a, const GTPAddress &x) { memcpy(a, x.data(), 16); }

void GTPFastPath::see(int port, const Packet *p) {
    if (!_active)
        return;                         // since the packet before
    const unsigned char *data = p->data(), *end = p->end_data();
    if (port == gtpfast_ran) see_to_ran(data, end, p->anno_u16(GTP_PATH_ANNO_OFFSET));
    else if (port == gtpfast_core) see_to_core(data, end);
    else see_to_local(data, end);
}

/** A G-PDU of a flow that is not broken out: as it was when it came from the RAN. */
void GTPFastPath::see_to_core(const unsigned char *data, const unsigned char *end) {
    Example e;
    memset((void *) &e, 0, sizeof e);
    gtpfast_tunnel t;
    gtpfast_inner i;
    uint8_t *p = gtpfast_network((uint8_t *) data, (uint8_t *) end);
    e.id.k.kind = gtpfast_uplink;
    if (!p || gtpfast_look_at_tunnel(p, (uint8_t *) end, &t) || gtpfast_look_inside(t.inside, end, t.room, &e.id.k, 1, &i))
        return;
    GTPFlowView v;
    if (view(e.id, v) && (v.breakout || v.closing))
        return;
    e.key = e.id.k;
    e.key.teid = t.teid;
    e.ends = t.ends;
    set_vlan(e.vlan, data);
    e.action = gtpfast_forward, e.to = gtpfast_core;
    e.inner = t.inside, e.inner_length = i.length;
    learn(e);
}

/** The UE's own packet, with the Ethernet header that it got. */
void GTPFastPath::see_to_local(const unsigned char *data, const unsigned char *end) {
    Example e;
    memset((void *) &e, 0, sizeof e);
    gtpfast_inner i;
    uint8_t *p = gtpfast_network((uint8_t *) data, (uint8_t *) end);
    e.id.k.kind = gtpfast_uplink;
    if (!p || gtpfast_look_inside(p, end, (uint32_t) (end - p), &e.id.k, 1, &i))
        return;
    GTPFlowView v;
    if (!view(e.id, v) || !v.breakout || v.closing || !v.uplink || !v.enb)
        return;
    e.key = e.id.k;
    e.key.teid = htonl(v.uplink.teid);
    set_address(e.ends.src, v.enb);
    set_address(e.ends.dst, v.uplink.address);
    e.vlan[0] = htons((uint16_t) (v.vlan >> 16)), e.vlan[1] = htons((uint16_t) v.vlan);
    e.action = gtpfast_strip, e.to = gtpfast_local;
    e.inner = p, e.inner_length = i.length;
    e.length = (uint8_t) (p - data);
    memcpy(e.header, data, e.length);
    memcpy(_leg, data, _leg_length = e.length);
    learn(e);
}

/** What the kernel fills in is left out of the header: DSCP and ECN, lengths, ID, checksums. */
void GTPFastPath::make_template(Example &e, const gtpfast_tunnel &t) {
    uint8_t *h = e.header + e.ip_at, *u = h + t.outer;
    e.outer6 = t.outer == 40;
    if (e.outer6)
        h[0] = 0x60, h[1] &= 15, h[4] = h[5] = 0;
    else
        for (int at : {1, 2, 3, 4, 5, 10, 11})
            h[at] = 0;
    for (int at : {4, 5, 6, 7, 10, 11})
        u[at] = 0;
    if (e.outer6) {
        e.sum = sum4(t.ends.src) + sum4(t.ends.dst) + net16(17);
        for (const uint8_t *x = u; x < e.header + e.length; x += 2)
            e.sum += get16(x);
    } else
        for (int at = 0; at < 20; at += 2)
            e.sum += (uint32_t) h[at] << 8 | h[at + 1];
}

/** Of a flow that is broken out, it was put into its tunnel here; else it came so from the core. So did one of @a path, whatever flow it is of: it was in GTPDecap. */
void GTPFastPath::see_to_ran(const unsigned char *data, const unsigned char *end, uint32_t path) {
    Example e;
    memset((void *) &e, 0, sizeof e);
    gtpfast_tunnel t;
    gtpfast_inner i;
    uint8_t *p = gtpfast_network((uint8_t *) data, (uint8_t *) end);
    e.id.k.kind = gtpfast_leg;
    if (!p || gtpfast_look_at_tunnel(p, (uint8_t *) end, &t) || gtpfast_look_inside(t.inside, end, t.room, &e.id.k, 0, &i))
        return;
    GTPFlowView v;
    const uint8_t *udp = p + t.outer;
    if (!path && view(e.id, v) && v.breakout) {
        const uint32_t length = (uint32_t) (t.inside - data);
        uint32_t to[4], from[4];
        set_address(to, v.downlink.address);
        set_address(from, v.core);
        // Sequence numbers are one packet's. Over IPv4 there is no checksum, over IPv6 there is one
        if (v.closing || length > gtpfast_header || (udp[8] & 3) || !get16(udp + 6) != (t.outer == 20) || htonl(v.downlink.teid) != t.teid
            || memcmp(to, t.ends.dst, 16) != 0 || memcmp(from, t.ends.src, 16) != 0)
            return;
        e.key = e.id.k;
        e.ends = t.ends;
        set_vlan(e.vlan, data);
        e.action = gtpfast_wrap, e.to = gtpfast_ran;
        e.length = (uint8_t) length, e.ip_at = (uint8_t) (p - data);
        e.inner_tos = i.tos, e.outer_tos = t.tos;
        memcpy(e.header, data, length);
        make_template(e, t);
    } else {
        const Id flow = e.id;
        memset((void *) &e.id, 0, sizeof e.id);
        memcpy(e.id.k.inner_dst, flow.k.inner_dst, is4(flow.k.inner_dst) ? 16 : 8);
        e.id.k.kind = gtpfast_downlink, e.id.k.teid = t.teid;
        e.key = e.id.k;
        e.ends = t.ends;
        set_vlan(e.vlan, data);
        e.action = gtpfast_forward, e.to = gtpfast_ran;
    }
    learn(e);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel GTPTable)
