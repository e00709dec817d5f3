#ifndef CLICKNET_IP_H
#define CLICKNET_IP_H
#include <clicknet/anywhere.h>
#define IP_RF 0x8000
#define IP_DF 0x4000
#define IP_MF 0x2000
#define IP_OFFMASK 0x1FFF
// In ip_tos
#define IP_DSCPMASK 0xFC
#define IP_ECNMASK 0x03
#define IP_ECN_NOT_ECT 0
#define IP_ECN_ECT1 1
#define IP_ECN_ECT2 2
#define IP_ECN_CE 3
// IANA protocol numbers
#define IP_PROTO_ICMP 1
#define IP_PROTO_IGMP 2
#define IP_PROTO_GGP 3
#define IP_PROTO_IPIP 4
#define IP_PROTO_ST 5
#define IP_PROTO_TCP 6
#define IP_PROTO_UCL 7
#define IP_PROTO_EGP 8
#define IP_PROTO_IGP 9
#define IP_PROTO_BBN 10
#define IP_PROTO_NVPII 11
#define IP_PROTO_PUP 12
#define IP_PROTO_ARGUS 13
#define IP_PROTO_EMCON 14
#define IP_PROTO_XNET 15
#define IP_PROTO_CHAOS 16
#define IP_PROTO_UDP 17
#define IP_PROTO_MUX 18
#define IP_PROTO_DCN 19
#define IP_PROTO_HMP 20
#define IP_PROTO_PRM 21
#define IP_PROTO_XNS 22
#define IP_PROTO_TRUNK1 23
#define IP_PROTO_TRUNK2 24
#define IP_PROTO_LEAF1 25
#define IP_PROTO_LEAF2 26
#define IP_PROTO_RDP 27
#define IP_PROTO_IRTP 28
#define IP_PROTO_ISOTP4 29
#define IP_PROTO_NETBLT 30
#define IP_PROTO_MFENSP 31
#define IP_PROTO_MERIT 32
#define IP_PROTO_DCCP 33
#define IP_PROTO_RSVP 46
#define IP_PROTO_GRE 47
#define IP_PROTO_ICMP6 58
#define IP_PROTO_CFTP 62
#define IP_PROTO_SATNET 64
#define IP_PROTO_MITSUBNET 65
#define IP_PROTO_RVD 66
#define IP_PROTO_IPPC 67
#define IP_PROTO_SATMON 69
#define IP_PROTO_IPCV 71
#define IP_PROTO_BRSATMON 76
#define IP_PROTO_WBMON 78
#define IP_PROTO_WBEXPAK 79
#define IP_PROTO_SCTP 132
#define IP_PROTO_UDPLITE 136
// Not numbers on the wire: what patterns may ask for
#define IP_PROTO_TCP_OR_UDP 256
#define IP_PROTO_NONE 257
#define IP_PROTO_TRANSP 258
#define IP_PROTO_PAYLOAD 259
// Options
#undef IPOPT_EOL
#define IPOPT_EOL 0
#undef IPOPT_NOP
#define IPOPT_NOP 1
#undef IPOPT_RR
#define IPOPT_RR 7
#undef IPOPT_TS
#define IPOPT_TS 68
#undef IPOPT_SECURITY
#define IPOPT_SECURITY 130
#undef IPOPT_LSRR
#define IPOPT_LSRR 131
#undef IPOPT_SATID
#define IPOPT_SATID 136
#undef IPOPT_SSRR
#define IPOPT_SSRR 137
#undef IPOPT_RA
#define IPOPT_RA 148
#define IP_ISFRAG(iph) (((iph)->ip_off & htons(IP_MF | IP_OFFMASK)) != 0)
#define IP_FIRSTFRAG(iph) (((iph)->ip_off & htons(IP_OFFMASK)) == 0)
/** RFC 791 §3.1. */
struct click_ip {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint8_t ip_hl : 4, ip_v : 4;
#else
    uint8_t ip_v : 4, ip_hl : 4;
#endif
    uint8_t ip_tos;
    click_u16 ip_len, ip_id, ip_off;
    uint8_t ip_ttl, ip_p;
    click_u16 ip_sum;
    click_in_addr ip_src, ip_dst;
};

/** With the pseudo-header's destination being the last stop of a source route, if there is one. */
uint16_t click_in_cksum_pseudohdr_hard(uint32_t sum, const struct click_ip *iph, int packet_len);
/** One's complement has two zeros; after updates that came out as 0 the data (@a len bytes, without the checksum) say which one it is. */
void click_update_zero_in_cksum_hard(uint16_t *sum, const unsigned char *data, int len);
static inline void click_update_zero_in_cksum(uint16_t *sum, const unsigned char *data, int len) { if (*sum == 0) click_update_zero_in_cksum_hard(sum, data, len); }
#endif
