// What the programs of gtpfast.bpf.c and gtpskb.bpf.c and elements/gtp/gtpfastkernel.cc share: the layout of their maps. Plain C, for both.
#ifndef LCLICK_GTPFAST_H
#define LCLICK_GTPFAST_H
#ifdef __bpf__
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef long long int64_t;
#else
# include <stdint.h>
#endif

/* The devices, as indices of the device map and of counters. */
enum { gtpfast_ran, gtpfast_core, gtpfast_local, gtpfast_nports };

/* What a key is of: a flow in its uplink tunnel, a UE's downlink tunnel, a flow on the local leg. */
enum { gtpfast_uplink = 1, gtpfast_downlink, gtpfast_leg };

/* All in network order, IPv4 addresses mapped (RFC 4291 §2.5.5.2); what a kind has no use for is 0. Of a downlink tunnel inner_dst is the UE, of
   IPv6 its /64. */
struct gtpfast_key {
    uint32_t inner_src[4], inner_dst[4];
    uint32_t teid;
    uint16_t src_port, dst_port;        /* of an ICMP echo the identifier is the UE's */
    uint8_t kind, proto;
    uint16_t none;
};

/* The other part of a key, which is compared when it was found: the ends of the tunnel, likewise; of the local leg none. */
struct gtpfast_ends { uint32_t src[4], dst[4]; };

/* forward: unchanged. strip: what is before the inner packet is replaced by the Ethernet header. wrap: the Ethernet header is
   replaced by that of the tunnel. */
enum { gtpfast_forward = 1, gtpfast_strip, gtpfast_wrap };
enum { gtpfast_header = 96, gtpfast_scratch = 2048, gtpfast_ntos = 4, gtpfast_nues = 4096 };

/* Where a key's slot is looked up: places that are half a line of a cache. A place has the key's hash, of which no two are alike, in its upper half,
   and in the lower one the number of a slot, from 1. 0: free. */
enum { gtpfast_nplaces = 4 };
struct gtpfast_bucket { uint64_t place[gtpfast_nplaces]; } __attribute__((aligned(32)));

/* What is done with the packets of a key. Written before the key is entered, and not reused until long after it was removed; but for
   generations, the times, and pairs that are appended to tos. Four lines of a cache; a packet that is stripped or passed needs no more than
   a few bytes of the last two. */
struct gtpfast_slot {
    struct gtpfast_key key;
    uint16_t asked;                     /* a packet went up since renew_ns */
    uint16_t plain;                     /* all addresses of key and ends are IPv4's, and the tunnel's packets have no VLAN tag */
    uint64_t lease_ns, renew_ns;        /* after lease_ns all go up, after renew_ns one does (CLOCK_MONOTONIC) */
    struct gtpfast_ends ends;
    uint32_t generation;                /* void unless it is that of the configuration */
    uint32_t ue_generation;             /* and this that of the UE's bucket */
    uint16_t ue_bucket;
    uint8_t action, to;                 /* to: a port */
    uint8_t length, ip_at;              /* of header; and where in it the outer IP header begins */
    uint8_t leg_length;                 /* of the Ethernet header on the local leg, */
    uint8_t ntos;                       /* how many pairs */
    uint32_t number;                    /* its own */
    uint64_t seen_ns;
    uint8_t header[gtpfast_header];
    uint8_t tos[gtpfast_ntos][2];       /* DSCP and ECN of the inner packet, and what the outer has then */
    union {
        uint16_t leg_tag[2];            /* and its tags: VLAN IDs */
        struct { uint16_t tpid, id; } vlan;     /* the outer tag that the tunnel's packets come with, in network order; tpid 0: none */
    };
    uint32_t sum;                       /* of the outer IPv4 header without tos, length, ID and checksum; where outer6, of what UDP's checksum
                                           is over, without lengths and what is inside, as words in memory */
    uint32_t outer6;
} __attribute__((aligned(64)));

/* What was forwarded, one number a CPU and slot (CPU * slots + slot): IP packets as the UE knows them, times this, plus their bytes. It wraps round. What two readings differ by is exact up to 64 GB and 268 million packets: lclick reads once a second, and while it hangs the
   lease ends. */
#define gtpfast_packet (1ull << 36)

struct gtpfast_config {
    uint64_t seed;                      /* of the hash: senders must not choose who collides */
    uint32_t mask;                      /* of the bits of a hash that are its bucket's number */
    uint32_t slots;                     /* how many there are */
    uint32_t generation;                /* never 0 */
    uint32_t mtu[gtpfast_nports];
    uint32_t tunnel_mtu;                /* of an outer IP packet that is made here */
    uint32_t outer_dscp;                /* the slow path gives the inner packet the outer one's DSCP */
    uint32_t native[gtpfast_nports];    /* frames are frames there: no offload beyond a partial checksum */
    /* Where the programs are those of gtpskb.bpf.c: */
    uint32_t at_work[gtpfast_nports];   /* they decide */
    uint32_t whole[gtpfast_nports];     /* may what senders left to devices go there, super frames and partial checksums? 0: no */
    uint32_t unheard;                   /* what a socket's program decided nobody carried out */
    uint32_t sockets;                   /* for who attaches the programs: bits of the devices whose FromDevice can have one, */
    uint32_t super;                     /* and what is to become of super frames: gtpfast_super_... */
    uint32_t none;
};
enum { gtpfast_has_cut = 1, gtpfast_has_whole };        /* the kernel finishes it; or who gets it knows what it is */
/* cut: they may go where the kernel cuts them before the device has them. */
enum { gtpfast_super_cut, gtpfast_super_whole, gtpfast_super_off };

/* Why a packet went up. The order is that of reason_names in elements/gtp/gtpfastpath.cc. */
enum {
    gtpfast_hit,                        /* it did not */
    gtpfast_not_gtp, gtpfast_fragment, gtpfast_malformed, gtpfast_signalling, gtpfast_unusual, gtpfast_tcp_flags, gtpfast_unknown,
    gtpfast_void, gtpfast_lease, gtpfast_renewal, gtpfast_dscp, gtpfast_too_long, gtpfast_checksum, gtpfast_no_room, gtpfast_super, gtpfast_nreasons
};

/* What a socket's program has decided about the packet that traffic control gets next on this CPU. */
struct gtpfast_order {
    uint32_t pending, length, mark, ifindex;        /* whether, and by what the packet is known again: its length, some of its words, its device */
    uint32_t slot;
    uint32_t inside, inner;             /* where the UE's packet begins, and how long it is */
    uint32_t segment;                   /* of a super frame, how long the UE's packets are that it will be cut into; else the same */
    uint32_t sum;                       /* of the UE's packet, for the UDP checksum over IPv6 */
    uint8_t tos, outer6, inner6, ip;    /* DSCP and ECN of the outer header that it gets; what its outer header and the UE's packet are; where the outer header is */
};

/* One a CPU. */
struct gtpfast_counters {
    uint64_t packets[gtpfast_nports][gtpfast_nreasons];
    uint64_t bytes[gtpfast_nports];     /* of hits */
    uint64_t id;                        /* of outer IPv4 headers */
    uint64_t lost;                      /* counted as hits, but the kernel would not have them changed, or somebody else had them first */
    struct gtpfast_order order;
} __attribute__((aligned(64)));

/* The same to clang for BPF as to the compiler of whatever lclick runs on. */
#ifdef __cplusplus
# define GTPFAST_SAME(x) static_assert(x, "laid out as in the kernel")
#else
# define GTPFAST_SAME(x) _Static_assert(x, "laid out as in lclick")
#endif
GTPFAST_SAME(sizeof(struct gtpfast_key) == 44 && __builtin_offsetof(struct gtpfast_slot, ends) == 64 && __builtin_offsetof(struct gtpfast_slot, header) == 128);
GTPFAST_SAME(sizeof(struct gtpfast_slot) == 256 && sizeof(struct gtpfast_config) == 96 && sizeof(struct gtpfast_counters) == 512);

#endif
