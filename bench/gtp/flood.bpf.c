// A generator of frames, what they end in, and the straight way between two devices, for flood.cc.
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
struct xdp_md { uint32_t data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex; };
static void *(*const map_lookup)(const void *map, const void *key) = (void *) 1;
static uint64_t (*const ktime_ns)(void) = (void *) 5;
static uint32_t (*const this_cpu)(void) = (void *) 8;
static long (*const redirect_map)(const void *map, uint64_t key, uint64_t flags) = (void *) 51;
enum { XDP_DROP = 1 };

char state[1] __attribute__((section("maps"), used, aligned(8)));       // as struct State of flood.cc
char counts[1] __attribute__((section("maps"), used, aligned(8)));      // one a CPU
char times[1] __attribute__((section("maps"), used, aligned(8)));       // by CPU and bucket, as flood.cc says
char target[1] __attribute__((section("maps"), used, aligned(8)));
struct state {
    uint32_t offset, flows, base, next;
    uint64_t first, due, interval, sent, late;  // when the first one was sent and the next one is due; 1/256 ns between two, or 0
    uint32_t stamp_out, stamp_in, fraction, none;
    uint8_t head[128];
};
struct stamp { uint32_t magic, low, high; };
enum { magic = 0x746D7473, buckets = 1024 };

/** A frame that was sent comes back to be sent again as it was left by whoever had it: its head is made anew. The 16 bits at `offset` go round:
    a port, so that there are many flows. With an interval it is sent when it is due, and bears that time: a late sender is late for good. */
__attribute__((section("xdp/send"), used)) int send(struct xdp_md *ctx) {
    uint32_t zero = 0;
    struct state *s = map_lookup(&state, &zero);
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    if (!s)
        return 0;
    uint64_t due = s->due;
    if (s->interval) {
        uint64_t now = ktime_ns();
        if (!due)               // the first: to set the system call up took its time
            s->first = due = now;
        if (now < due)
            return XDP_DROP;
        s->late = now - due;
        uint64_t sum = s->interval + s->fraction;
        s->due = due + (sum >> 8);
        s->fraction = sum & 0xFF;
    }
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
    if (s->stamp_out) {
        uint8_t *p = data + (s->stamp_out & 0xFF);
        if (p + sizeof(struct stamp) > end)
            return 0;
        struct stamp stamp = {magic, (uint32_t) due, (uint32_t) (due >> 32)};
        __builtin_memcpy(p, &stamp, sizeof stamp);
    }
    ++s->sent;
    return redirect_map(&target, 0, 0);
}

struct count { uint64_t packets, bytes, none[6]; };

/** Below 64 one each, then 32 to each power of two: 3 % wide. */
static inline __attribute__((always_inline)) uint32_t bucket_of(uint64_t ns) {
    uint32_t v = ns >> 32 ? 0xFFFFFFFF : (uint32_t) ns, shift = 0;
#pragma unroll
    for (uint32_t step = 16; step; step >>= 1)
        if (v >> shift >> step >= 32)
            shift += step;
    return shift * 32 + (v >> shift);
}

__attribute__((section("xdp/sink"), used)) int sink(struct xdp_md *ctx) {
    uint32_t cpu = this_cpu(), zero = 0;
    struct count *c = map_lookup(&counts, &cpu);
    struct state *s = map_lookup(&state, &zero);
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    if (!c || !s)
        return XDP_DROP;
    ++c->packets, c->bytes += end - data;
    uint8_t *p = data + (s->stamp_in & 0xFF);
    struct stamp stamp;
    if (!s->stamp_in || p + sizeof stamp > end)
        return XDP_DROP;
    __builtin_memcpy(&stamp, p, sizeof stamp);
    if (stamp.magic != magic)
        return XDP_DROP;
    uint64_t now = ktime_ns(), due = (uint64_t) stamp.high << 32 | stamp.low;
    uint32_t index = cpu * buckets + bucket_of(now > due ? now - due : 0);
    uint64_t *n = map_lookup(&times, &index);
    if (n)
        ++*n;
    return XDP_DROP;
}

__attribute__((section("xdp/forward"), used)) int forward(struct xdp_md *ctx) {
    return (int) redirect_map(&target, 0, 0);
}
