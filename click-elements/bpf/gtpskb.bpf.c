// The fast path at traffic control, where gtpfast.bpf.c is at XDP. There, frames that wait for segmentation offload (super frames: up to 64 KB of TCP that
// will be cut into packets) are still whole, and can be wrapped and stripped as such.
//
// Packet sockets, which FromDevice reads, are served before traffic control. So it takes two programs a device: one on FromDevice's socket decides, says in an
// order what is to be done, and keeps the packet from the socket; one at traffic control, which gets that packet next, does it. What nobody carries
// out ends deciding.
#include "gtplookup.h"

enum { looked_at = 320 };               // of a packet: all headers, with extensions
enum { to_socket = -1, kept = 0 };      // how much of a packet the socket gets

/** Of a packet: where it is looked at, its end as if it were all there, its length. */
struct look { uint8_t *data; const uint8_t *end; uint32_t length, gso; };

/** The same offset, at most @a mask, of which the verifier knows no more than that: see gtpfast.bpf.c. */
INLINE uint32_t forget(const struct __sk_buff *ctx, uint32_t offset, uint32_t mask) {
    uint32_t any = ctx->mark & mask;
    asm volatile("" : "+r"(any));
    offset += any;
    asm volatile("" : "+r"(offset));
    offset -= any;
    asm volatile("" : "+r"(offset));
    return offset & mask;
}

/** Can a super frame go there? Where the kernel cuts it, all segments get the same header, and so must be of one length. */
INLINE int takes_super(const struct gtpfast_config *c, uint32_t to, uint32_t payload, uint32_t gso) {
    return c->whole[to] == gtpfast_has_whole || (c->whole[to] && !(payload % gso));
}

/** What is to be done, and count it. @a header: of a super frame, what each of its packets has of the UE's packet. */
INLINE int order(struct gtpfast_order *o, uint32_t port, struct gtpfast_slot *s, const struct gtpfast_config *c, struct gtpfast_counters *count, uint32_t cpu, uint32_t gso, uint32_t header, uint64_t now) {
    const uint32_t packets = gso ? (o->inner - header + gso - 1) / gso : 1, bytes = o->inner + (packets - 1) * header;
    uint32_t at = cpu * c->slots + s->number;
    uint64_t *forwarded = map_lookup(&traffic, &at);
    if (forwarded)
        *forwarded += gtpfast_packet * packets + bytes;
    s->seen_ns = now;
    count->packets[port][gtpfast_hit] += packets;
    count->bytes[port] += bytes;
    o->slot = s->number, o->segment = gso ? gso + header : o->inner;
    o->pending = 1;
    return 0;
}

/** A VLAN tag is beside the packet. */
INLINE uint32_t ether_of(const struct __sk_buff *ctx) { return ctx->vlan_present ? 18 : 14; }

/** As tunnel_tagged_alike() of gtprewrite.h. */
INLINE int on_the_vlan(const struct __sk_buff *ctx, const struct gtpfast_slot *s) {
    return ctx->vlan_present ? s->vlan.tpid == (uint16_t) ctx->vlan_proto && !((net16((uint16_t) ctx->vlan_tci) ^ s->vlan.id) & net16(0xFFF)) : !s->vlan.tpid;
}

INLINE int from_tunnel(const struct __sk_buff *ctx, uint32_t port, const struct look *l, const struct gtpfast_config *c, struct gtpfast_counters *count, uint32_t cpu) {
    const uint32_t kind = port == gtpfast_ran ? gtpfast_uplink : gtpfast_downlink, gso = l->gso;
    struct gtpfast_order *o = &count->order;
    uint32_t ip = 14, header = 0;
    uint8_t outer_tos, tos, partial = 0;
    int why;
    struct gtpfast_slot *s;
    struct gtpfast_plain_tunnel plain;
    struct gtpfast_plain packet;
    const int untagged = !ctx->vlan_present;
    if (likely(untagged && (gso ? gtpfast_plain_super(l->data, l->end, gso, &plain, &packet, &header) : gtpfast_plain_gpdu(l->data, l->end, &plain, &packet)))) {
        s = find_plain(kind, &packet, &plain, c);
        o->inside = 50, o->inner = packet.length, o->outer6 = o->inner6 = 0;
        tos = packet.tos, outer_tos = plain.tos;
    } else if (gso)
        return -gtpfast_super;
    else {
        struct gtpfast_key k = {.kind = kind};
        struct gtpfast_inner i = {0};
        struct gtpfast_tunnel t;
        uint8_t *p = gtpfast_network(l->data, (uint8_t *) l->end);
        if (!p)
            return -gtpfast_not_gtp;
        ip = forget(ctx, (uint32_t) (p - l->data), 63);
        if ((why = gtpfast_look_at_tunnel(l->data + ip, (uint8_t *) l->end, &t)))
            return -why;
        const uint32_t inside = forget(ctx, (uint32_t) (t.inside - l->data), 255);
        p = l->data + inside;
        k.teid = t.teid;
        if ((why = kind == gtpfast_uplink ? gtpfast_look_inside(p, l->end, t.room, &k, 1, &i) : look_for_ue(p, l->end, t.room, &k, &i.length)))
            return -why;
        s = find(&k, &t.ends, c);
        if (s && !on_the_vlan(ctx, s))
            return -gtpfast_unusual;
        o->inside = inside, o->inner = i.length, o->outer6 = t.outer == 40, o->inner6 = i.header == 40;
        tos = i.tos, outer_tos = t.tos, partial = t.partial;
    }
    if (!s)
        return -gtpfast_unknown;
    const uint64_t now = coarse_ns();
    if ((why = doubt(s, c, now)))
        return -why;
    const uint32_t to = s->to;
    // Out of its tunnel it is a frame as any host sends it, for who can have that.
    if (to >= gtpfast_nports || (gso && (s->action == gtpfast_strip ? !c->whole[to] : !takes_super(c, to, o->inner - header, gso))))
        return -gtpfast_super;
    if (s->action == gtpfast_forward) {
        if (partial && !c->whole[to])
            return -gtpfast_checksum;
        const uint32_t payload = gso ? gso + header + 36 : l->length - ip;
        return fits(c, to, payload, ether_of(ctx)) ? order(o, port, s, c, count, cpu, gso, header, now) : -gtpfast_too_long;
    }
    if (port != gtpfast_ran || s->action != gtpfast_strip)
        return -gtpfast_unknown;
    if (ip != 14 && (ip != 18 || !ctx->vlan_present))
        return -gtpfast_unusual;        // more tags than the one beside it and one behind that
    o->ip = (uint8_t) ip;
    if (!fits(c, to, gso ? gso + header : o->inner, s->length))
        return -gtpfast_too_long;
    if ((outer_tos & 3) == 3 || (c->outer_dscp && ((outer_tos ^ tos) & 0xFC)))
        return -gtpfast_dscp;
    return order(o, port, s, c, count, cpu, gso, header, now);
}

INLINE int from_local(const struct __sk_buff *ctx, const struct look *l, const struct gtpfast_config *c, struct gtpfast_counters *count, uint32_t cpu) {
    struct gtpfast_order *o = &count->order;
    uint8_t *p = l->data + 14;
    int why;
    struct gtpfast_slot *s;
    struct gtpfast_inner i;
    struct gtpfast_plain plain;
    uint32_t proto;
    if (likely(gtpfast_plain_packet(l->data, l->end, &plain, &i))) {
        if (!gtpfast_header_is_right(p))
            return -gtpfast_malformed;
        s = find_plain(gtpfast_leg, &plain, 0, c);
        proto = plain.proto;
    } else {
        struct gtpfast_key k = {.kind = gtpfast_leg};
        uint8_t *network = gtpfast_network(l->data, (uint8_t *) l->end);
        if (!network)
            return -gtpfast_not_gtp;
        if (network != p)
            return -gtpfast_unusual;    // tagged, beyond the tag that is beside it
        if ((why = gtpfast_look_inside(p, l->end, l->length - 14, &k, 0, &i)))
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
    if (s->leg_length != ether_of(ctx) || (ctx->vlan_present && ((net16((uint16_t) ctx->vlan_tci) ^ s->leg_tag[0]) & net16(0xFFF))))
        return -gtpfast_unusual;
    const int tos = outer_tos(s, i.tos);
    if (tos < 0)
        return -gtpfast_dscp;
    const uint32_t ether = s->ip_at, to = s->to;
    if (to >= gtpfast_nports || (i.partial && !l->gso && !c->whole[to]))
        return -gtpfast_checksum;
    uint32_t header = 0, segment = i.length;
    if (l->gso) {
        // Over IPv6 there would be a checksum in each of its headers.
        if (proto != 6 || !c->whole[to] || s->outer6 || i.header > 40 || p + i.header + 20 > l->end)
            return -gtpfast_super;
        header = i.header + (p[i.header + 12] >> 4) * 4u;
        if (header < i.header + 20 || i.length != l->length - 14 || i.length <= header || !takes_super(c, to, i.length - header, l->gso))
            return -gtpfast_super;
        segment = l->gso + header;
    }
    if (!fits(c, to, s->length - ether + segment, ether) || s->length - ether + segment > c->tunnel_mtu || s->length - ether + i.length > 65535)
        return -gtpfast_too_long;
    o->sum = 0;
    if (s->outer6) {
        if (i.without_sum)
            return -gtpfast_checksum;
        o->sum = sum_inside(p, l->end, &i);
    }
    o->inside = 14, o->inner = i.length, o->tos = (uint8_t) tos, o->outer6 = (uint8_t) s->outer6, o->inner6 = i.header == 40;
    return order(o, gtpfast_local, s, c, count, cpu, l->gso, header, now);
}

/** On the socket of the device's FromDevice. */
INLINE int weigh(const struct __sk_buff *ctx, uint32_t port) {
    uint32_t zero = 0, cpu = this_cpu(), length = ctx->len;
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    struct look l = {.data = map_lookup(&scratch, &zero)};
    if (!l.data)
        return to_socket;
    l.data += 2;                        // so that IP headers are aligned
    if (!c || !count || !c->at_work[port] || c->unheard || ctx->pkt_type == PACKET_OUTGOING)
        return to_socket;
    uint64_t n = length < looked_at ? length : looked_at;
    asm volatile("" : "+r"(n));
    if (n < 42 || n > looked_at || skb_load_bytes(ctx, 0, l.data, n)) {
        ++count->packets[port][gtpfast_not_gtp];
        return to_socket;
    }
    l.end = l.data + length, l.length = length, l.gso = ctx->gso_size;
    struct gtpfast_order *o = &count->order;
    const uint32_t mark = get32(l.data + 16) ^ get32(l.data + 24) ^ get32(l.data + 38);
    if (unlikely(o->pending)) {
        if (o->length == length && o->mark == mark && o->ifindex == ctx->ifindex)
            return kept;                // FromDevice has two of them while it goes over to a ring
        c->unheard = 1, o->pending = 0;
        ++count->lost;
        return to_socket;
    }
    o->length = length, o->mark = mark, o->ifindex = ctx->ifindex;
    const int result = port == gtpfast_local ? from_local(ctx, &l, c, count, cpu) : from_tunnel(ctx, port, &l, c, count, cpu);
    if (likely(!result))
        return kept;
    const uint32_t reason = (uint32_t) -result;
    if (reason < gtpfast_nreasons)
        ++count->packets[port][reason];
    return to_socket;
}

/** The tags that an Ethernet header of this length has. */
INLINE int push_tags(struct __sk_buff *ctx, const uint8_t *header, uint32_t length) {
    if (length > 18 && vlan_push(ctx, get16(header + 16), net16(get16(header + 18))))
        return -1;
    return length > 14 ? (int) vlan_push(ctx, get16(header + 12), net16(get16(header + 14))) : 0;
}

INLINE int strip(struct __sk_buff *ctx, const struct gtpfast_slot *s, const struct gtpfast_order *o) {
    uint8_t ether[14];
    uint64_t flags = ROOM_FIXED_GSO;
    uint32_t type = s->length - 2u;
    BOUND(type, 31);
    if (o->inner6 != o->outer6)
        flags |= o->inner6 ? ROOM_DECAP_IPV6 : ROOM_DECAP_IPV4;
    if (adjust_room(ctx, (int) o->ip - (int) o->inside, BPF_ADJ_ROOM_MAC, flags))
        return -1;
    __builtin_memcpy(ether, s->header, 12);
    ether[12] = s->header[type], ether[13] = s->header[type + 1];
    return skb_store_bytes(ctx, 0, ether, 14, 0) || push_tags(ctx, s->header, s->length) ? -1 : 0;
}

INLINE int wrap(struct __sk_buff *ctx, const struct gtpfast_slot *s, const struct gtpfast_order *o, uint32_t id) {
    const uint32_t outer = o->outer6 ? 40 : 20;
    uint32_t at = s->ip_at;
    BOUND(at, 31);
    uint64_t room = (uint64_t) s->length - at;
    uint8_t h[gtpfast_header] __attribute__((aligned(8)));
    if (at < 14 || at > 22 || room < outer + 16 || room > gtpfast_header - 14)
        return -1;
    const uint64_t flags = ROOM_FIXED_GSO | ROOM_ENCAP_UDP | (o->outer6 ? ROOM_ENCAP_IPV6 : ROOM_ENCAP_IPV4) | (room - outer - 8) << ROOM_L2_SHIFT;
    if (adjust_room(ctx, (int) room, BPF_ADJ_ROOM_MAC, flags))
        return -1;
    if (at == 14)
        copy(h, s->header, gtpfast_header);
    else {
        const uint8_t *from = s->header + at - 14;
        copy(h, s->header, 12);
#pragma unroll
        for (int n = 12; n < gtpfast_header; ++n)
            h[n] = from[n];             // beyond its end there is more of the slot
    }
    const uint32_t udp = (uint32_t) room - outer + o->inner;
    if (o->outer6)
        fill6(h + 14, s, udp, o->sum, o->tos);
    else {
        fill4(h + 14, s, udp, id, o->tos);
        put16(h + 44, (uint16_t) (room - outer - 16 + o->segment));
    }
    asm volatile("" : "+r"(room));
    if (room > gtpfast_header - 14)
        return -1;
    return skb_store_bytes(ctx, 0, h, 14 + room, 0) || push_tags(ctx, s->header, at) ? -1 : 0;
}

/** Carry it out. */
INLINE int perform(struct __sk_buff *ctx, const struct gtpfast_slot *s, const struct gtpfast_order *o, uint32_t id) {
    if (s->action == gtpfast_forward)
        return 0;
    if (ctx->len > o->inside + o->inner && change_tail(ctx, o->inside + o->inner, 0))
        return -1;
    for (int n = 0; n < 2 && ctx->vlan_present; ++n)
        if (vlan_pop(ctx))              // the next one is beside it then
            return -1;
    return s->action == gtpfast_strip ? strip(ctx, s, o) : wrap(ctx, s, o, id);
}

PROGRAM("socket/ran") int socket_ran(struct __sk_buff *ctx) { return weigh(ctx, gtpfast_ran); }
PROGRAM("socket/core") int socket_core(struct __sk_buff *ctx) { return weigh(ctx, gtpfast_core); }
PROGRAM("socket/local") int socket_local(struct __sk_buff *ctx) { return weigh(ctx, gtpfast_local); }

PROGRAM("tc/act") int act(struct __sk_buff *ctx) {
    uint32_t cpu = this_cpu();
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!count)
        return TCX_NEXT;
    struct gtpfast_order *o = &count->order;
    if (!o->pending || o->length != ctx->len || o->ifindex != ctx->ifindex)
        return TCX_NEXT;
    o->pending = 0;
    uint32_t index = o->slot;
    const struct gtpfast_slot *s = map_lookup(&slots, &index);
    uint32_t to = s ? s->to : gtpfast_nports;
    const uint32_t *device = map_lookup(&targets, &to);
    if (!s || !device || perform(ctx, s, o, (uint32_t) count->id++ * 64 + cpu % 64)) {
        ++count->lost;
        return TCX_DROP;
    }
    return (int) redirect(*device, 0);
}

char _license[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
