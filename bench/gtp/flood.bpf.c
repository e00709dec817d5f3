// A generator of frames and what they end in, for flood.cc.
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
struct xdp_md { uint32_t data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex; };
static void *(*const map_lookup)(const void *map, const void *key) = (void *) 1;
static uint32_t (*const this_cpu)(void) = (void *) 8;
static long (*const redirect_map)(const void *map, uint64_t key, uint64_t flags) = (void *) 51;

char state[1] __attribute__((section("maps"), used, aligned(8)));       // as struct state of flood.cc
char counts[1] __attribute__((section("maps"), used, aligned(8)));      // one a CPU
char target[1] __attribute__((section("maps"), used, aligned(8)));
struct state { uint32_t offset, flows, base, next; uint8_t head[128]; };

/** A frame that was sent comes back to be sent again as it was left by whoever had it: its head is made anew. The 16 bits at `offset` go round:
    a port, so that there are many flows. */
__attribute__((section("xdp/send"), used)) int send(struct xdp_md *ctx) {
    uint32_t zero = 0;
    struct state *s = map_lookup(&state, &zero);
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    if (!s)
        return 0;
#pragma unroll
    for (int at = 0; at < 128; at += 16) {
        if (data + at + 16 > end)
            break;
        __builtin_memcpy(data + at, s->head + at, 16);
    }
    if (s->flows) {
        uint32_t offset = s->offset & 0xFF, n = s->next;
        if (data + offset + 2 > end)
            return 0;
        *(uint16_t *) (data + offset) = __builtin_bswap16((uint16_t) (s->base + n));
        s->next = n + 1 < s->flows ? n + 1 : 0;
    }
    return redirect_map(&target, 0, 0);
}

struct count { uint64_t packets, bytes, none[6]; };

__attribute__((section("xdp/sink"), used)) int sink(struct xdp_md *ctx) {
    uint32_t cpu = this_cpu();
    struct count *c = map_lookup(&counts, &cpu);
    if (c)
        ++c->packets, c->bytes += ctx->data_end - ctx->data;
    return 1;
}
