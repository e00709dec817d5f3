// The fast path of the GTP-U breakout: three XDP programs, one a device. What they find in the map of flows they forward; everything else,
// and everything out of the ordinary, goes up to lclick, which decides about it and may enter it (elements/gtp/gtpfastpath.hh).
//
// They need no more of the kernel than array and hash maps, a device map and three helpers for packets: no BTF, no CO-RE, Linux 5.18. lclick loads
// them by itself (elements/userlevel/bpfobject.hh), so there is no function that is not inlined, and the maps are but names here.
#include "gtpparse.h"

#define PROGRAM(name) __attribute__((section("xdp/" name), used))
#define MAP(name) char name[1] __attribute__((section("maps"), used, aligned(8)))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

struct xdp_md { uint32_t data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex; };
enum { XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, XDP_REDIRECT };
static void *(*const map_lookup)(const void *map, const void *key) = (void *) 1;
static uint32_t (*const this_cpu)(void) = (void *) 8;
static int64_t (*const csum_diff)(const void *from, uint32_t from_size, const void *to, uint32_t to_size, uint32_t seed) = (void *) 28;
static long (*const adjust_head)(struct xdp_md *, int delta) = (void *) 44;
static long (*const redirect_map)(const void *map, uint64_t key, uint64_t flags) = (void *) 51;
static long (*const adjust_tail)(struct xdp_md *, int delta) = (void *) 65;
static uint64_t (*const coarse_ns)(void) = (void *) 160;
static long (*const store_bytes)(struct xdp_md *, uint32_t offset, const void *from, uint32_t length) = (void *) 190;
static long (*const load_bytes)(struct xdp_md *, uint32_t offset, void *to, uint32_t length) = (void *) 189;

MAP(config);
MAP(counters);
MAP(ues);
MAP(slots);
MAP(flows);
MAP(devices);
MAP(scratch);                           // a packet's worth for each CPU

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

/** What is known of the key and holds; else null, with the reason. */
INLINE struct gtpfast_slot *find(const struct gtpfast_key *k, const struct gtpfast_ends *e, const struct gtpfast_config *c, uint64_t now, int *why) {
    uint32_t *index = map_lookup(&flows, k);
    *why = gtpfast_unknown;
    if (!index)
        return 0;
    struct gtpfast_slot *s = map_lookup(&slots, index);
    if (!s)
        return 0;
    if (e && (differ(e->src, s->ends.src) || differ(e->dst, s->ends.dst)))
        return 0;
    uint32_t bucket = s->ue_bucket;
    uint64_t *ue = map_lookup(&ues, &bucket);
    *why = gtpfast_void;
    if (!ue || s->generation != c->generation || s->ue_generation != (uint32_t) *ue)
        return 0;
    *why = gtpfast_lease;
    if (now > s->lease_ns)
        return 0;
    *why = gtpfast_renewal;
    if (now > s->renew_ns && !s->asked) {
        s->asked = 1;
        return 0;
    }
    return s;
}

/** Count it and send it on. */
INLINE int send(uint32_t from, struct gtpfast_slot *s, struct gtpfast_counters *count, uint32_t bytes, uint64_t now) {
    __sync_fetch_and_add(&s->packets, 1);
    __sync_fetch_and_add(&s->bytes, bytes);
    s->seen_ns = now;
    ++count->packets[from][gtpfast_hit];
    count->bytes[from] += bytes;
    return redirect_map(&devices, s->to, XDP_ABORTED);
}

/** Does a frame with so many bytes behind an Ethernet header of so many fit? A VLAN tag comes on top. */
INLINE int fits(const struct gtpfast_config *c, uint32_t to, uint32_t payload, uint32_t ether) {
    return to < gtpfast_nports && payload + ether <= c->mtu[to] + 14 + (ether > 14 ? 4 : 0);
}

/** A sum that was left to the device: @a length bytes of TCP or UDP at @a offset, the sum at @a field. They are looked at in a copy, which has no
    end that would have to be asked for at every step. False if that is too much; then nothing was changed. */
INLINE int complete(struct xdp_md *ctx, uint32_t offset, uint64_t length, uint32_t field) {
    uint32_t zero = 0, sum = 0;
    uint8_t *copy = map_lookup(&scratch, &zero);
    if (!copy || length > gtpfast_scratch - 4)
        return 0;
    asm volatile("" : "+r"(length));    // from here on it is one register, whose bounds are known
    length &= gtpfast_scratch - 1;
    asm volatile("" : "+r"(length));
    if (length < 8 || length > gtpfast_scratch - 4 || load_bytes(ctx, offset, copy, length))
        return 0;
    *(copy + length) = 0, *(copy + length + 1) = 0, *(copy + length + 2) = 0;
    uint64_t left = (length + 3) & ~3ull;
    for (int n = 0; n < gtpfast_scratch / 512; ++n) {
        uint64_t size = left > 512 ? 512 : left;
        sum = csum_diff(0, 0, copy + n * 512, size, sum);
        left -= size;
        if (!left)
            break;
    }
    uint16_t result = ~fold(sum);
    if (!result)
        result = 0xFFFF;
    return !store_bytes(ctx, offset + field, &result, 2);
}

/** That of the outer UDP header of an IP packet at @a offset. */
INLINE int complete_outer(struct xdp_md *ctx, uint32_t offset, const struct gtpfast_tunnel *t, int native) {
    return native && complete(ctx, offset + t->outer, t->udp, 6);
}

/** The Ethernet header @a s has, before what begins at @a offset and is @a length long. */
INLINE int strip(struct xdp_md *ctx, struct gtpfast_slot *s, uint32_t offset, uint32_t length) {
    uint32_t whole = ctx->data_end - ctx->data, ether = s->length;
    if (whole > offset + length && adjust_tail(ctx, -(int) (whole - offset - length)))
        return -1;
    if (adjust_head(ctx, (int) offset - (int) ether))
        return -1;
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    if (data + 14 > end)
        return -1;
    __builtin_memcpy(data, s->header, 14);
    if (ether > 14) {
        if (data + 18 > end)
            return -1;
        __builtin_memcpy(data + 14, s->header + 14, 4);
    }
    if (ether > 18) {
        if (data + 22 > end)
            return -1;
        __builtin_memcpy(data + 18, s->header + 18, 4);
    }
    return 0;
}

INLINE int from_ran(struct xdp_md *ctx) {
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    struct gtpfast_key k = {.kind = gtpfast_uplink};
    struct gtpfast_tunnel t;
    struct gtpfast_inner i;
    uint32_t zero = 0, cpu = this_cpu();
    int why;
    uint8_t *p = gtpfast_network(data, end);
    if (!p)
        return -gtpfast_not_gtp;
    p = data + forget(ctx, (uint32_t) (p - data), 63);
    if ((why = gtpfast_look_at_tunnel(p, end, &t)))
        return -why;
    t.inside = data + forget(ctx, (uint32_t) (t.inside - data), 255);
    k.teid = t.teid;
    if ((why = gtpfast_look_inside(t.inside, end, t.room, &k, 1, &i)))
        return -why;
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!c || !count)
        return XDP_PASS;
    uint64_t now = coarse_ns();
    struct gtpfast_slot *s = find(&k, &t.ends, c, now, &why);
    if (!s)
        return -why;
    if (s->action == gtpfast_forward) {
        if (!fits(c, s->to, (uint32_t) (end - p), (uint32_t) (p - data)))
            return -gtpfast_too_long;
        if (t.partial && !complete_outer(ctx, (uint32_t) (p - data), &t, c->native[gtpfast_ran]))
            return -gtpfast_checksum;
        return send(gtpfast_ran, s, count, i.length, now);
    }
    if (s->action != gtpfast_strip)
        return -gtpfast_unknown;
    if (!fits(c, s->to, i.length, s->length))
        return -gtpfast_too_long;
    // RFC 6040 §4.2: congestion that was met in the tunnel is carried over
    if ((t.tos & 3) == 3 || (c->outer_dscp && ((t.tos ^ i.tos) & 0xFC)))
        return -gtpfast_dscp;
    if (strip(ctx, s, (uint32_t) (t.inside - data), i.length))
        return XDP_DROP;                // it may be half done
    return send(gtpfast_ran, s, count, i.length, now);
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

INLINE int from_core(struct xdp_md *ctx) {
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    struct gtpfast_key k = {.kind = gtpfast_downlink};
    struct gtpfast_tunnel t;
    uint32_t length, zero = 0, cpu = this_cpu();
    int why;
    uint8_t *p = gtpfast_network(data, end);
    if (!p)
        return -gtpfast_not_gtp;
    p = data + forget(ctx, (uint32_t) (p - data), 63);
    if ((why = gtpfast_look_at_tunnel(p, end, &t)))
        return -why;
    t.inside = data + forget(ctx, (uint32_t) (t.inside - data), 255);
    if ((why = look_for_ue(t.inside, end, t.room, &k, &length)))
        return -why;
    k.teid = t.teid;
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!c || !count)
        return XDP_PASS;
    uint64_t now = coarse_ns();
    struct gtpfast_slot *s = find(&k, &t.ends, c, now, &why);
    if (!s)
        return -why;
    if (s->action != gtpfast_forward)
        return -gtpfast_unknown;
    if (!fits(c, s->to, (uint32_t) (end - p), (uint32_t) (p - data)))
        return -gtpfast_too_long;
    if (t.partial && !complete_outer(ctx, (uint32_t) (p - data), &t, c->native[gtpfast_core]))
        return -gtpfast_checksum;
    return send(gtpfast_core, s, count, length, now);
}

/** What the outer header has for DSCP and ECN; -1 if that is not known. */
INLINE int outer_tos(const struct gtpfast_slot *s, uint8_t inner) {
#pragma unroll
    for (int n = 0; n < gtpfast_ntos; ++n)
        if (n < s->ntos && s->tos[n][0] == inner)
            return s->tos[n][1];
    return -1;
}

/** Is the frame tagged as those are that go out on the local leg? */
INLINE int tagged_alike(const struct gtpfast_slot *s, const uint8_t *data, const uint8_t *p, const uint8_t *end) {
    if (s->leg_length != p - data)
        return 0;
    if (s->leg_length > 14 && (data + 16 > end || ((get16(data + 14) ^ s->leg_tag[0]) & net16(0xFFF))))
        return 0;
    return s->leg_length <= 18 || (data + 20 <= end && !((get16(data + 18) ^ s->leg_tag[1]) & net16(0xFFF)));
}

/** The sum of the UE's packet, which is the tunnel's to carry over IPv6: without looking at what it carries, since that has a checksum
    and so, with its pseudo-header, comes to nothing. */
INLINE uint32_t sum_inside(const uint8_t *p, const uint8_t *end, const struct gtpfast_inner *i) {
    uint32_t sum = (uint16_t) ~fold(i->sum);
    if (p[0] == 0x45)                   // its header's is in there, too
        return i->sum ? sum : 0;
    if (p + 40 > end)
        return 0;
#pragma unroll
    for (int n = 0; n < 40; n += 4)
        sum += words(get32(p + n));
    return sum;
}

INLINE void fill4(uint8_t *p, const struct gtpfast_slot *s, uint32_t udp, uint32_t id, uint8_t tos) {
    const uint32_t total = udp + 20;
    p[1] = tos;
    put16(p + 2, total);
    put16(p + 4, id);
    put16(p + 10, ~fold(s->sum + tos + (total & 0xFFFF) + (id & 0xFFFF)));
    put16(p + 24, udp);
    put16(p + 30, udp - 16);
}

INLINE void fill6(uint8_t *p, const struct gtpfast_slot *s, uint32_t udp, uint32_t inside, uint8_t tos) {
    p[0] = 0x60 | tos >> 4, p[1] = (uint8_t) (tos << 4) | (p[1] & 15);
    put16(p + 4, udp);
    put16(p + 44, udp);
    put16(p + 50, udp - 16);
    const uint16_t sum = ~fold(s->sum + 2u * net16(udp) + net16(udp - 16) + inside);
    *(uint16_t *) (p + 46) = sum ? sum : 0xFFFF;
}

/** The tunnel's headers, before the UE's packet of @a length, which is all there is. */
INLINE int wrap(struct xdp_md *ctx, struct gtpfast_slot *s, uint32_t id, uint32_t length, uint32_t inside, uint8_t tos) {
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    uint32_t size = s->length, at = s->ip_at;
    if (data + 58 > end)
        return -1;
    if (size == 50)
        __builtin_memcpy(data, s->header, 50);
    else if (size == 54)
        __builtin_memcpy(data, s->header, 54);
    else if (size == 58)
        __builtin_memcpy(data, s->header, 58);
    else {
        if (size > gtpfast_header || size < 50 || store_bytes(ctx, 0, s->header, size))
            return -1;
        data = (uint8_t *) (long) ctx->data, end = (uint8_t *) (long) ctx->data_end;
    }
    if (at > 22)
        return -1;
    uint8_t *p = data + at;
    if (s->outer6) {
        if (p + 56 > end)
            return -1;
        fill6(p, s, size - at - 40 + length, inside, tos);
    } else {
        if (p + 36 > end)
            return -1;
        fill4(p, s, size - at - 20 + length, id, tos);
    }
    return 0;
}

INLINE int from_local(struct xdp_md *ctx) {
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    struct gtpfast_key k = {.kind = gtpfast_leg};
    struct gtpfast_inner i;
    uint32_t zero = 0, cpu = this_cpu();
    int why;
    uint8_t *p = gtpfast_network(data, end);
    if (!p)
        return -gtpfast_not_gtp;
    p = data + forget(ctx, (uint32_t) (p - data), 63);
    if ((why = gtpfast_look_inside(p, end, (uint32_t) (end - p), &k, 0, &i)))
        return -why;
    if (p[0] == 0x45) {
        uint32_t sum = 0;
#pragma unroll
        for (int n = 0; n < 20; n += 4)
            sum += words(get32(p + n));
        if (fold(sum) != 0xFFFF)
            return -gtpfast_malformed;
    }
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!c || !count)
        return XDP_PASS;
    uint64_t now = coarse_ns();
    struct gtpfast_slot *s = find(&k, 0, c, now, &why);
    if (!s)
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
        const int done = complete(ctx, (uint32_t) (p - data) + i.header, i.length - i.header, k.proto == 6 ? 16 : 6);
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
    return send(gtpfast_local, s, count, i.length, now);
}

PROGRAM("ran") int ran(struct xdp_md *ctx) { return finish(gtpfast_ran, from_ran(ctx)); }
PROGRAM("core") int core(struct xdp_md *ctx) { return finish(gtpfast_core, from_core(ctx)); }
PROGRAM("local") int local(struct xdp_md *ctx) { return finish(gtpfast_local, from_local(ctx)); }

char _license[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
