#ifndef CLICKNET_ICMP6_H
#define CLICKNET_ICMP6_H
#include <clicknet/ip6.h>
#undef icmp6_identifier
#undef icmp6_sequence
#undef icmp6_pointer
#undef icmp6_maxdelay
#define ICMP6_UNREACH 1
#define ICMP6_PKTTOOBIG 2
#define ICMP6_TIMXCEED 3
#define ICMP6_PARAMPROB 4
#define ICMP6_ECHO 128
#define ICMP6_ECHOREPLY 129
#define ICMP6_MEMBERSHIPQUERY 130
#define ICMP6_MEMBERSHIPREPORT 131
#define ICMP6_MEMBERSHIPREDUCTION 132
#define ICMP6_REDIRECT 137
#define ICMP6_UNREACH_NOROUTE 0
#define ICMP6_UNREACH_ADMIN 1
#define ICMP6_UNREACH_NOTNEIGHBOR 2
#define ICMP6_UNREACH_ADDR 3
#define ICMP6_UNREACH_NOPORT 4
#define ICMP6_TIMXCEED_TRANSIT 0
#define ICMP6_TIMXCEED_REASSEMBLY 1
#define ICMP6_PARAMPROB_HEADER 0
#define ICMP6_PARAMPROB_NEXTHEADER 1
#define ICMP6_PARAMPROB_OPTION 2

/** RFC 4443; the forms differ in the second word. */
#define CLICK_ICMP6_HEADER uint8_t icmp6_type, icmp6_code; uint16_t icmp6_cksum
struct click_icmp6 { CLICK_ICMP6_HEADER; uint32_t padding; } __attribute__((packed));
struct click_icmp6_pkttoobig { CLICK_ICMP6_HEADER; uint32_t icmp6_mtusize; } __attribute__((packed));
struct click_icmp6_paramprob { CLICK_ICMP6_HEADER; uint32_t icmp6_pointer; } __attribute__((packed));
struct click_icmp6_sequenced { CLICK_ICMP6_HEADER; uint16_t icmp6_identifier, icmp6_sequence; } __attribute__((packed));
struct click_icmp6_membership { CLICK_ICMP6_HEADER; uint16_t icmp6_maxdelay, padding; } __attribute__((packed));
struct click_icmp6_redirect { CLICK_ICMP6_HEADER; uint32_t padding; struct in6_addr icmp6_target, icmp6_dst; } __attribute__((packed));
#undef CLICK_ICMP6_HEADER
#define click_icmp6_unreach click_icmp6
#define click_icmp6_timxceed click_icmp6
#define click_icmp6_echo click_icmp6_sequenced
#endif
