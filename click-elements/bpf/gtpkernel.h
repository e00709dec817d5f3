// What the programs have of the kernel, by the numbers of its interface.
#ifndef LCLICK_GTPKERNEL_H
#define LCLICK_GTPKERNEL_H
#include "gtpparse.h"
#include "skb.h"

#define PROGRAM(name) __attribute__((section(name), used))
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
MAP(buckets);
MAP(traffic);
MAP(devices);
MAP(targets);                           // the same
MAP(scratch);                           // a packet's worth for each CPU, of a socket's program the beginning of its packet

#endif
