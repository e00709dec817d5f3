// The fast path of the GTP-U breakout: three XDP programs, one a device. What they find in the table of keys they forward; everything else,
// and everything out of the ordinary, goes up to lclick, which decides about it and may enter it (elements/gtp/gtpfastpath.hh).
//
// They need no more of the kernel than array maps, a device map and three helpers for packets: no BTF, no CO-RE, Linux 5.18. lclick loads
// them by itself (elements/userlevel/bpfobject.hh), so there is no function that is not inlined, and the maps are but names here.
#include "gtprewrite.h"

/** The same offset, at most @a mask, of which the verifier knows no more than that. It looks at what follows once for each value that it
    knows of a pointer: a frame may be tagged or not, in IPv4 or IPv6, with options or without, and that multiplies. */
INLINE uint32_t forget(struct xdp_md *ctx, uint32_t offset, uint32_t mask) {
    uint32_t any = ctx->rx_queue_index & mask;
    asm volatile("" : "+r"(any));
    offset += any;
    asm volatile("" : "+r"(offset));
    offset -= any;
    asm volatile("" : "+r"(offset));
    return offset & mask;
}

/** An action, or minus the reason why the packet goes up. */
INLINE int finish(uint32_t port, int result) {
    if (likely(result >= 0))
        return result;
    uint32_t cpu = this_cpu(), reason = (uint32_t) -result;
    struct gtpfast_counters *c = map_lookup(&counters, &cpu);
    if (c && reason < gtpfast_nreasons)
        ++c->packets[port][reason];
    return XDP_PASS;
}

/** Count it and send it on. */
INLINE int send(uint32_t from, struct gtpfast_slot *s, const struct gtpfast_config *c, struct gtpfast_counters *count, uint32_t cpu, uint32_t bytes, uint64_t now) {
    uint32_t at = cpu * c->slots + s->number;
    uint64_t *forwarded = map_lookup(&traffic, &at);
    if (forwarded)
        *forwarded += gtpfast_packet + bytes;
    s->seen_ns = now;
    ++count->packets[from][gtpfast_hit];
    count->bytes[from] += bytes;
    return redirect_map(&devices, s->to, XDP_ABORTED);
}

/** The IP header of a frame. 0, or why it goes up. */
INLINE int network(struct xdp_md *ctx, uint8_t *data, uint8_t *end, uint8_t **ip) {
    uint8_t *p = gtpfast_network(data, end);
    if (!p)
        return gtpfast_not_gtp;
    *ip = data + forget(ctx, (uint32_t) (p - data), 63);
    return 0;
}

/** A G-PDU: its outer IP header, its tunnel, and where what is inside begins. 0, or why it goes up. */
INLINE int look_at_gpdu(struct xdp_md *ctx, uint8_t *data, uint8_t *end, uint8_t **ip, struct gtpfast_tunnel *t) {
    int why = network(ctx, data, end, ip);
    if (why || (why = gtpfast_look_at_tunnel(*ip, end, t)))
        return why;
    t->inside = data + forget(ctx, (uint32_t) (t->inside - data), 255);
    return 0;
}

/** From the RAN and from the core: in its tunnel, unchanged, or out of it. */
INLINE int from_tunnel(struct xdp_md *ctx, uint32_t port) {
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    const uint32_t kind = port == gtpfast_ran ? gtpfast_uplink : gtpfast_downlink;
    uint32_t zero = 0, cpu = this_cpu(), ip = 14, inside = 50, length;
    uint8_t tos;
    int why;
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!c || !count)
        return XDP_PASS;
    struct gtpfast_slot *s;
    struct gtpfast_tunnel t;
    struct gtpfast_plain_tunnel plain;
    struct gtpfast_plain packet;
    if (likely(gtpfast_plain_gpdu(data, end, &plain, &packet))) {
        s = find_plain(kind, &packet, &plain, c);
        length = packet.length, tos = packet.tos;
        t.partial = 0, t.tos = plain.tos;
    } else {
        struct gtpfast_key k = {.kind = kind};
        struct gtpfast_inner i = {0};
        uint8_t *p;
        if ((why = look_at_gpdu(ctx, data, end, &p, &t)))
            return -why;
        k.teid = t.teid;
        if ((why = kind == gtpfast_uplink ? gtpfast_look_inside(t.inside, end, t.room, &k, 1, &i) : look_for_ue(t.inside, end, t.room, &k, &i.length)))
            return -why;
        s = find(&k, &t.ends, c);
        if (s && !tunnel_tagged_alike(s, data, end))
            return -gtpfast_unusual;
        ip = (uint32_t) (p - data), inside = (uint32_t) (t.inside - data);
        length = i.length, tos = i.tos;
    }
    if (!s)
        return -gtpfast_unknown;
    const uint64_t now = coarse_ns();
    if ((why = doubt(s, c, now)))
        return -why;
    if (s->action == gtpfast_forward) {
        if (!fits(c, s->to, (uint32_t) (end - data) - ip, ip))
            return -gtpfast_too_long;
        if (t.partial && !complete_outer(ctx, ip, &t, c->native[port]))
            return -gtpfast_checksum;
        return send(port, s, c, count, cpu, length, now);
    }
    if (port != gtpfast_ran || s->action != gtpfast_strip)
        return -gtpfast_unknown;
    if (!fits(c, s->to, length, s->length))
        return -gtpfast_too_long;
    // RFC 6040 §4.2: congestion that was met in the tunnel is carried over
    if ((t.tos & 3) == 3 || (c->outer_dscp && ((t.tos ^ tos) & 0xFC)))
        return -gtpfast_dscp;
    if (strip(ctx, s, inside, length))
        return XDP_DROP;                // it may be half done
    return send(port, s, c, count, cpu, length, now);
}

INLINE int from_local(struct xdp_md *ctx) {
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end, *p = data + 14;
    uint32_t zero = 0, cpu = this_cpu(), proto;
    int why;
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!c || !count)
        return XDP_PASS;
    struct gtpfast_slot *s;
    struct gtpfast_inner i;
    struct gtpfast_plain plain;
    if (likely(gtpfast_plain_packet(data, end, &plain, &i))) {
        if (!gtpfast_header_is_right(p))
            return -gtpfast_malformed;
        s = find_plain(gtpfast_leg, &plain, 0, c);
        proto = plain.proto;
    } else {
        struct gtpfast_key k = {.kind = gtpfast_leg};
        if ((why = network(ctx, data, end, &p)) || (why = gtpfast_look_inside(p, end, (uint32_t) (end - p), &k, 0, &i)))
            return -why;
        if (p[0] == 0x45 && !gtpfast_header_is_right(p))
            return -gtpfast_malformed;
        s = find(&k, 0, c);
        proto = k.proto;
    }
    if (!s)
        return -gtpfast_unknown;
    const uint64_t now = coarse_ns();
    if ((why = doubt(s, c, now)))
        return -why;
    if (s->action != gtpfast_wrap)
        return -gtpfast_unknown;
    if (!tagged_alike(s, data, p, end))
        return -gtpfast_unusual;
    int tos = outer_tos(s, i.tos);
    if (tos < 0)
        return -gtpfast_dscp;
    uint32_t ether = s->ip_at, inside = 0;
    if (!fits(c, s->to, s->length - ether + i.length, ether) || s->length - ether + i.length > c->tunnel_mtu)
        return -gtpfast_too_long;
    if (s->outer6) {
        if (i.without_sum)
            return -gtpfast_checksum;
        inside = sum_inside(p, end, &i);
    }
    if (i.partial) {
        if (!c->native[gtpfast_local])
            return -gtpfast_checksum;
        const int done = complete(ctx, (uint32_t) (p - data) + i.header, i.length - i.header, proto == 6 ? 16 : 6);
        if (!done)
            return -gtpfast_checksum;
    }
    const uint32_t extra = (uint32_t) (end - p) - i.length;
    if (adjust_head(ctx, (int) (p - data) - (int) s->length))
        return i.partial ? XDP_DROP : -gtpfast_no_room;     // what goes up must still be partial
    if (extra && adjust_tail(ctx, -(int) extra))
        return XDP_DROP;
    if (wrap(ctx, s, (uint32_t) count->id++ * 64 + cpu % 64, i.length, inside, (uint8_t) tos))
        return XDP_DROP;
    return send(gtpfast_local, s, c, count, cpu, i.length, now);
}

PROGRAM("xdp/ran") int ran(struct xdp_md *ctx) { return finish(gtpfast_ran, from_tunnel(ctx, gtpfast_ran)); }
PROGRAM("xdp/core") int core(struct xdp_md *ctx) { return finish(gtpfast_core, from_tunnel(ctx, gtpfast_core)); }
PROGRAM("xdp/local") int local(struct xdp_md *ctx) { return finish(gtpfast_local, from_local(ctx)); }

char _license[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
