// What the programs have of the kernel, by the numbers of its interface.
#ifndef LCLICK_GTPKERNEL_H
#define LCLICK_GTPKERNEL_H
#include "gtpparse.h"

#define PROGRAM(name) __attribute__((section(name), used))
#define MAP(name) char name[1] __attribute__((section("maps"), used, aligned(8)))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

struct xdp_md { uint32_t data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex; };
enum { XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, XDP_REDIRECT };
/** What sockets and traffic control know of a packet (linux/bpf.h). Over what a socket's program sees there is no pointer. */
struct __sk_buff {
    uint32_t len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority, ingress_ifindex, ifindex, tc_index, cb[5], hash, tc_classid, data, data_end,
        napi_id, family, remote_ip4, local_ip4, remote_ip6[4], local_ip6[4], remote_port, local_port, data_meta;
    uint64_t flow_keys, tstamp;
    uint32_t wire_len, gso_segs;
    uint64_t sk;
    uint32_t gso_size;
};
enum { PACKET_OUTGOING = 4, TCX_NEXT = -1, TCX_DROP = 2, BPF_ADJ_ROOM_MAC = 1 };
enum { ROOM_FIXED_GSO = 1, ROOM_ENCAP_IPV4 = 2, ROOM_ENCAP_IPV6 = 4, ROOM_ENCAP_UDP = 16, ROOM_DECAP_IPV4 = 128, ROOM_DECAP_IPV6 = 256, ROOM_L2_SHIFT = 56 };
static void *(*const map_lookup)(const void *map, const void *key) = (void *) 1;
static uint32_t (*const this_cpu)(void) = (void *) 8;
static long (*const skb_store_bytes)(struct __sk_buff *, uint32_t offset, const void *from, uint32_t length, uint64_t flags) = (void *) 9;
static long (*const vlan_push)(struct __sk_buff *, uint16_t tpid, uint16_t tci) = (void *) 18;
static long (*const vlan_pop)(struct __sk_buff *) = (void *) 19;
static long (*const redirect)(uint32_t ifindex, uint64_t flags) = (void *) 23;
static long (*const skb_load_bytes)(const struct __sk_buff *, uint32_t offset, void *to, uint32_t length) = (void *) 26;
static int64_t (*const csum_diff)(const void *from, uint32_t from_size, const void *to, uint32_t to_size, uint32_t seed) = (void *) 28;
static long (*const change_tail)(struct __sk_buff *, uint32_t length, uint64_t flags) = (void *) 38;
static long (*const adjust_head)(struct xdp_md *, int delta) = (void *) 44;
static long (*const adjust_room)(struct __sk_buff *, int delta, uint32_t mode, uint64_t flags) = (void *) 50;
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
