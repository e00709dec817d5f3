#ifndef CLICKNET_IP6_H
#define CLICKNET_IP6_H
#include <netinet/in.h>
#include <stdint.h>
/** RFC 8200 §3. */
struct click_ip6 {
    union {
        struct { uint32_t ip6_un1_flow; uint16_t ip6_un1_plen; uint8_t ip6_un1_nxt, ip6_un1_hlim; } ip6_un1;
        uint8_t ip6_un2_vfc;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        struct { uint8_t ip6_un3_fc : 4, ip6_un3_v : 4; } ip6_un3;
#else
        struct { uint8_t ip6_un3_v : 4, ip6_un3_fc : 4; } ip6_un3;
#endif
    } ip6_ctlun;
    struct in6_addr ip6_src, ip6_dst;
} __attribute__((packed));
#define ip6_v ip6_ctlun.ip6_un3.ip6_un3_v
#define ip6_vfc ip6_ctlun.ip6_un2_vfc
#define ip6_flow ip6_ctlun.ip6_un1.ip6_un1_flow
#define ip6_plen ip6_ctlun.ip6_un1.ip6_un1_plen
#define ip6_nxt ip6_ctlun.ip6_un1.ip6_un1_nxt
#define ip6_hlim ip6_ctlun.ip6_un1.ip6_un1_hlim
// In the first word, in host order
#define IP6_FLOW_MASK 0x000FFFFFU
#define IP6_FLOW_SHIFT 0
#define IP6_CLASS_MASK 0x0FF00000U
#define IP6_CLASS_SHIFT 20
#define IP6_DSCP_MASK 0x0FC00000U
#define IP6_DSCP_SHIFT 22
#define IP6_V_MASK 0xF0000000U
#define IP6_V_SHIFT 28
#define IP6_CHECK_V(hdr) (((hdr).ip6_vfc & 0xF0) == 0x60)
#define IP6PROTO_FRAGMENT 44
#define IP6_MF 0x0001
#define IP6_OFFMASK 0xFFF8
struct click_ip6_fragment { uint8_t ip6_frag_nxt, ip6_frag_reserved; uint16_t ip6_frag_offset; uint32_t ip6_frag_id; } __attribute__((packed));

/** The checksum, in network order, of @a len bytes at @a data behind a pseudo-header; @a plen (network order) is the length in it,
    @a old_sum the value of the checksum field among the data, which is left out. */
uint16_t in6_fast_cksum(const struct in6_addr *src, const struct in6_addr *dst, uint16_t plen, uint8_t proto, uint16_t old_sum, const unsigned char *data, uint16_t len);
uint16_t in6_cksum(const struct in6_addr *src, const struct in6_addr *dst, uint16_t plen, uint8_t proto, uint16_t old_sum, unsigned char *data, uint16_t len);
#endif
