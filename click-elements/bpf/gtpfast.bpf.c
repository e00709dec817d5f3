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

MAP(config);
MAP(counters);
MAP(ues);
MAP(slots);
MAP(flows);
MAP(devices);

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

/** What is known of the key and holds; else null, with the reason. */
INLINE struct gtpfast_slot *find(const struct gtpfast_key *k, const struct gtpfast_config *c, uint64_t now, int *why) {
    uint32_t *index = map_lookup(&flows, k);
    *why = gtpfast_unknown;
    if (!index)
        return 0;
    struct gtpfast_slot *s = map_lookup(&slots, index);
    if (!s)
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

/** A sum that was left to the device: @a length bytes of TCP or UDP at @a p, the sum at @a field. False if that is too much. */
INLINE int complete(uint8_t *p, const uint8_t *end, uint32_t length, uint32_t field) {
    uint8_t *at = p;
    uint32_t sum = 0;
    if (length > 4 * 512)
        return 0;
#pragma unroll
    for (int n = 0; n < 4; ++n) {
        if (length < 512)
            break;
        if (at + 512 > end)
            return 0;
        sum = csum_diff(0, 0, at, 512, sum);
        at += 512, length -= 512;
    }
#pragma unroll
    for (int size = 256; size >= 4; size /= 2)
        if (length & size) {
            if (at + size > end)
                return 0;
            sum = csum_diff(0, 0, at, size, sum);
            at += size;
        }
    uint64_t total = sum;
    if (length & 2) {
        if (at + 2 > end)
            return 0;
        total += get16(at);
        at += 2;
    }
    if (length & 1) {
        if (at + 1 > end)
            return 0;
        total += *at;
    }
    total = (total & 0xFFFF) + (total >> 16);
    total = (total & 0xFFFF) + (total >> 16);
    uint16_t result = ~fold((uint32_t) total);
    if (p + field + 2 > end)
        return 0;
    *(uint16_t *) (p + field) = result ? result : 0xFFFF;
    return 1;
}

/** Of the outer UDP header behind the IP header at @a p. */
INLINE int complete_outer(uint8_t *p, const uint8_t *end, int native) {
    if (!native || p + 28 > end)
        return 0;
    return complete(p + 20, end, net16(get16(p + 2)) - 20u, 6);
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
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end, *inside;
    struct gtpfast_key k = {.kind = gtpfast_uplink};
    struct gtpfast_inner i;
    uint32_t room, zero = 0, cpu = this_cpu();
    int why, partial;
    uint8_t *p = gtpfast_network(data, end);
    if (!p)
        return -gtpfast_not_gtp;
    if ((why = gtpfast_look_at_tunnel(p, end, &k, &inside, &room, &partial)))
        return -why;
    if ((why = gtpfast_look_inside(inside, end, room, &k, 1, &i)))
        return -why;
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!c || !count)
        return XDP_PASS;
    uint64_t now = coarse_ns();
    struct gtpfast_slot *s = find(&k, c, now, &why);
    if (!s)
        return -why;
    if (s->action == gtpfast_forward) {
        if (!fits(c, s->to, (uint32_t) (end - p), (uint32_t) (p - data)))
            return -gtpfast_too_long;
        if (partial && !complete_outer(p, end, c->native[gtpfast_ran]))
            return -gtpfast_checksum;
        return send(gtpfast_ran, s, count, i.length, now);
    }
    if (s->action != gtpfast_strip)
        return -gtpfast_unknown;
    if (!fits(c, s->to, i.length, s->length))
        return -gtpfast_too_long;
    // RFC 6040 §4.2: congestion that was met in the tunnel is carried over
    if ((p[1] & 3) == 3 || (c->outer_dscp && ((p[1] ^ i.tos) & 0xFC)))
        return -gtpfast_dscp;
    if (strip(ctx, s, (uint32_t) (inside - data), i.length))
        return XDP_DROP;                // it may be half done
    return send(gtpfast_ran, s, count, i.length, now);
}

INLINE int from_core(struct xdp_md *ctx) {
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end, *inside;
    struct gtpfast_key k = {.kind = gtpfast_downlink};
    uint32_t room, zero = 0, cpu = this_cpu();
    int why, partial;
    uint8_t *p = gtpfast_network(data, end);
    if (!p)
        return -gtpfast_not_gtp;
    if ((why = gtpfast_look_at_tunnel(p, end, &k, &inside, &room, &partial)))
        return -why;
    if (inside + 20 > end || room < 20)
        return -gtpfast_malformed;
    if (inside[0] != 0x45)
        return -gtpfast_unusual;
    const uint32_t length = net16(get16(inside + 2));
    if (length < 20 || length > room)
        return -gtpfast_malformed;
    k.inner_dst = get32(inside + 16);
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!c || !count)
        return XDP_PASS;
    uint64_t now = coarse_ns();
    struct gtpfast_slot *s = find(&k, c, now, &why);
    if (!s)
        return -why;
    if (s->action != gtpfast_forward)
        return -gtpfast_unknown;
    if (!fits(c, s->to, (uint32_t) (end - p), (uint32_t) (p - data)))
        return -gtpfast_too_long;
    if (partial && !complete_outer(p, end, c->native[gtpfast_core]))
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

/** The tunnel's headers, before the UE's packet of @a length, which is all there is. */
INLINE int wrap(struct xdp_md *ctx, struct gtpfast_slot *s, struct gtpfast_counters *count, uint32_t cpu, uint32_t length, uint8_t tos) {
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
    if (p + 36 > end)
        return -1;
    uint32_t total = size - at + length, id = (uint32_t) count->id++ * 64 + cpu % 64;
    p[1] = tos;
    put16(p + 2, total);
    put16(p + 4, id);
    put16(p + 10, ~fold(s->sum + tos + (total & 0xFFFF) + (id & 0xFFFF)));
    put16(p + 24, total - 20);
    put16(p + 30, total - 36);
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
    if ((why = gtpfast_look_inside(p, end, (uint32_t) (end - p), &k, 0, &i)))
        return -why;
    uint32_t sum = 0;
#pragma unroll
    for (int n = 0; n < 20; n += 4)
        sum += words(get32(p + n));
    if (fold(sum) != 0xFFFF)
        return -gtpfast_malformed;
    struct gtpfast_config *c = map_lookup(&config, &zero);
    struct gtpfast_counters *count = map_lookup(&counters, &cpu);
    if (!c || !count)
        return XDP_PASS;
    uint64_t now = coarse_ns();
    struct gtpfast_slot *s = find(&k, c, now, &why);
    if (!s)
        return -why;
    if (s->action != gtpfast_wrap)
        return -gtpfast_unknown;
    if (!tagged_alike(s, data, p, end))
        return -gtpfast_unusual;
    int tos = outer_tos(s, i.tos);
    if (tos < 0)
        return -gtpfast_dscp;
    uint32_t ether = s->ip_at;
    if (!fits(c, s->to, s->length - ether + i.length, ether) || s->length - ether + i.length > c->tunnel_mtu)
        return -gtpfast_too_long;
    if (i.partial && (!c->native[gtpfast_local] || !complete(p + 20, end, i.length - 20, k.proto == 6 ? 16 : 6)))
        return -gtpfast_checksum;
    const uint32_t extra = (uint32_t) (end - p) - i.length;
    if (adjust_head(ctx, (int) (p - data) - (int) s->length))
        return i.partial ? XDP_DROP : -gtpfast_no_room;     // what goes up must still be partial
    if (extra && adjust_tail(ctx, -(int) extra))
        return XDP_DROP;
    if (wrap(ctx, s, count, cpu, i.length, (uint8_t) tos))
        return XDP_DROP;
    return send(gtpfast_local, s, count, i.length, now);
}

PROGRAM("ran") int ran(struct xdp_md *ctx) { return finish(gtpfast_ran, from_ran(ctx)); }
PROGRAM("core") int core(struct xdp_md *ctx) { return finish(gtpfast_core, from_core(ctx)); }
PROGRAM("local") int local(struct xdp_md *ctx) { return finish(gtpfast_local, from_local(ctx)); }

char _license[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
