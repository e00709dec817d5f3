// What programs for sockets and traffic control have of the kernel, by the numbers of its interface (linux/bpf.h). The types of stdint.h are there.
#ifndef LCLICK_SKB_H
#define LCLICK_SKB_H

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
static long (*const skb_store_bytes)(struct __sk_buff *, uint32_t offset, const void *from, uint32_t length, uint64_t flags) = (void *) 9;
static long (*const vlan_push)(struct __sk_buff *, uint16_t tpid, uint16_t tci) = (void *) 18;
static long (*const vlan_pop)(struct __sk_buff *) = (void *) 19;
static long (*const redirect)(uint32_t ifindex, uint64_t flags) = (void *) 23;
static long (*const skb_load_bytes)(const struct __sk_buff *, uint32_t offset, void *to, uint32_t length) = (void *) 26;
static long (*const change_tail)(struct __sk_buff *, uint32_t length, uint64_t flags) = (void *) 38;
static long (*const adjust_room)(struct __sk_buff *, int delta, uint32_t mode, uint64_t flags) = (void *) 50;
static long (*const pull_data)(struct __sk_buff *, uint32_t length) = (void *) 39;

#endif
