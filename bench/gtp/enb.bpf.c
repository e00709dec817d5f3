// An eNB between a UE's cable and its S1 cable, in the kernel, for enb.cc: one tunnel. Frames that wait for segmentation offload go into it as they are, with a
// header whose GTP-U length is one segment's (click-elements/bpf/gtpskb.bpf.c), and come out of it likewise.
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
#include "../../click-elements/bpf/skb.h"
static void *(*const map_lookup)(const void *map, const void *key) = (void *) 1;
enum { tunnel = 36 };

char state[1] __attribute__((section("maps"), used, aligned(8)));       // as struct State of enb.cc
struct state {
    uint32_t ue, s1;                // devices
    uint8_t outer[52], ether[16];   // the header of the tunnel, and of what leaves it
};

static inline void put16(uint8_t *p, uint32_t x) { p[0] = (uint8_t) (x >> 8), p[1] = (uint8_t) x; }

__attribute__((section("tc/wrap"), used)) int wrap(struct __sk_buff *ctx) {
    uint32_t zero = 0;
    const struct state *s = map_lookup(&state, &zero);
    if (!s || pull_data(ctx, 54))
        return TCX_NEXT;
    const uint8_t *d = (const uint8_t *) (long) ctx->data, *end = (const uint8_t *) (long) ctx->data_end;
    if (d + 54 > end || d[12] != 8 || d[13] || d[14] != 0x45)
        return TCX_NEXT;
    const uint32_t inner = ctx->len - 14, segment = ctx->gso_size ? ctx->gso_size + 20 + (d[46] >> 4) * 4u : inner;
    if (adjust_room(ctx, tunnel, BPF_ADJ_ROOM_MAC, ROOM_FIXED_GSO | ROOM_ENCAP_IPV4 | ROOM_ENCAP_UDP | 8ull << ROOM_L2_SHIFT))
        return TCX_DROP;
    uint8_t h[56];
    __builtin_memcpy(h, s->outer, 52);
    put16(h + 16, inner + 36), put16(h + 24, 0);
    put16(h + 38, inner + 16);
    put16(h + 44, segment);
    uint32_t sum = 0;
#pragma unroll
    for (int i = 14; i < 34; i += 2)
        sum += (uint32_t) h[i] << 8 | h[i + 1];
    sum = (sum & 0xFFFF) + (sum >> 16);
    put16(h + 24, ~((sum & 0xFFFF) + (sum >> 16)));
    return skb_store_bytes(ctx, 0, h, 50, 0) ? TCX_DROP : (int) redirect(s->s1, 0);
}

__attribute__((section("tc/strip"), used)) int strip(struct __sk_buff *ctx) {
    uint32_t zero = 0;
    const struct state *s = map_lookup(&state, &zero);
    if (!s || pull_data(ctx, 70))
        return TCX_NEXT;
    const uint8_t *d = (const uint8_t *) (long) ctx->data, *end = (const uint8_t *) (long) ctx->data_end;
    if (d + 70 > end || d[12] != 8 || d[13] || d[14] != 0x45 || d[23] != 17 || d[36] != 0x08 || d[37] != 0x68 || d[42] != 0x30 || d[43] != 255)
        return TCX_NEXT;
    if (adjust_room(ctx, -tunnel, BPF_ADJ_ROOM_MAC, ROOM_FIXED_GSO))
        return TCX_DROP;
    uint8_t h[16];
    __builtin_memcpy(h, s->ether, 16);
    return skb_store_bytes(ctx, 0, h, 14, 0) ? TCX_DROP : (int) redirect(s->ue, 0);
}

char _license[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
