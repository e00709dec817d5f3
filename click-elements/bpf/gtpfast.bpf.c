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

INLINE int differ(const uint32_t *a, const uint32_t *b) { return (a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]); }

/** That of a key with this hash, if there is one. */
INLINE struct gtpfast_slot *slot_of(uint32_t hash, const struct gtpfast_config *c) {
    uint32_t at = hash & c->mask, index = 0;
    const struct gtpfast_bucket *b = map_lookup(&buckets, &at);
    if (!b)
        return 0;
#pragma unroll
    for (int n = 0; n < gtpfast_nplaces; ++n) {
        const uint64_t place = b->place[n];
        if (place >> 32 == hash) {
            index = (uint32_t) place;
            break;
        }
    }
    return index-- ? map_lookup(&slots, &index) : 0;
}

/** That of this key, in a tunnel with these ends, if it is to be in one. */
INLINE struct gtpfast_slot *find(const struct gtpfast_key *k, const struct gtpfast_ends *e, const struct gtpfast_config *c) {
    struct gtpfast_slot *s = slot_of(gtpfast_hash(k, c->seed), c);
    if (!s)
        return 0;
    const struct gtpfast_key *x = &s->key;
    if (differ(k->inner_src, x->inner_src) || differ(k->inner_dst, x->inner_dst) || (e && (differ(e->src, s->ends.src) || differ(e->dst, s->ends.dst))))
        return 0;
    return (k->teid ^ x->teid) | (gtpfast_ports(k) ^ gtpfast_ports(x)) | (uint32_t) (gtpfast_kind(k) ^ gtpfast_kind(x)) ? 0 : s;
}

/** The same of one that is plain. A downlink tunnel is its UE's, whatever is in it. */
INLINE struct gtpfast_slot *find_plain(uint32_t kind, const struct gtpfast_plain *i, const struct gtpfast_plain_tunnel *t, const struct gtpfast_config *c) {
    const int flow = kind != gtpfast_downlink;
    const uint32_t src = flow ? i->src : 0, ports = flow ? i->ports : 0, teid = t ? t->teid : 0;
    if (flow)
        kind |= (uint32_t) i->proto << 8;
    struct gtpfast_slot *s = slot_of(gtpfast_hash4(flow, src, i->dst, teid, ports, kind, c->seed), c);
    if (!s || !s->plain)
        return 0;
    const struct gtpfast_key *x = &s->key;
    if ((src ^ x->inner_src[3]) | (i->dst ^ x->inner_dst[3]) | (teid ^ x->teid) | (ports ^ gtpfast_ports(x)) | (kind ^ gtpfast_kind(x)))
        return 0;
    return t && (t->src ^ s->ends.src[3]) | (t->dst ^ s->ends.dst[3]) ? 0 : s;
}

/** 0 if what it says holds, else why its packet goes up. */
INLINE int doubt(struct gtpfast_slot *s, const struct gtpfast_config *c, uint64_t now) {
    uint32_t bucket = s->ue_bucket;
    uint64_t *ue = map_lookup(&ues, &bucket);
    if (!ue || s->generation != c->generation || s->ue_generation != (uint32_t) *ue)
        return gtpfast_void;
    if (now > s->lease_ns)
        return gtpfast_lease;
    if (unlikely(now > s->renew_ns) && !s->asked) {
        s->asked = 1;
        return gtpfast_renewal;
    }
    return 0;
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

/** Does a frame with so many bytes behind an Ethernet header of so many fit? A VLAN tag comes on top. */
INLINE int fits(const struct gtpfast_config *c, uint32_t to, uint32_t payload, uint32_t ether) {
    return to < gtpfast_nports && payload + ether <= c->mtu[to] + 14 + (ether > 14 ? 4 : 0);
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

/** Whose tunnel: the address that the packet inside goes to, and how long that is. 0, or why it goes up. */
INLINE int look_for_ue(const uint8_t *p, const uint8_t *end, uint32_t room, struct gtpfast_key *k, uint32_t *length) {
    if (p + 20 > end || room < 20)
        return gtpfast_malformed;
    if (p[0] == 0x45) {
        *length = net16(get16(p + 2));
        get_address4(p + 16, k->inner_dst);
        return *length < 20 || *length > room ? gtpfast_malformed : 0;
    }
    if (p[0] >> 4 != 6)
        return gtpfast_unusual;
    if (p + 40 > end)
        return gtpfast_malformed;
    *length = net16(get16(p + 4)) + 40u;
    k->inner_dst[0] = get32(p + 24), k->inner_dst[1] = get32(p + 28);
    return *length > room ? gtpfast_malformed : 0;
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

PROGRAM("ran") int ran(struct xdp_md *ctx) { return finish(gtpfast_ran, from_tunnel(ctx, gtpfast_ran)); }
PROGRAM("core") int core(struct xdp_md *ctx) { return finish(gtpfast_core, from_tunnel(ctx, gtpfast_core)); }
PROGRAM("local") int local(struct xdp_md *ctx) { return finish(gtpfast_local, from_local(ctx)); }

char _license[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
