#ifndef CLICKNET_ICMP_H
#define CLICKNET_ICMP_H
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#define ICMP_ECHOREPLY 0
#define ICMP_UNREACH 3
#define ICMP_SOURCEQUENCH 4
#define ICMP_REDIRECT 5
#define ICMP_ECHO 8
#define ICMP_ROUTERADVERT 9
#define ICMP_ROUTERSOLICIT 10
#define ICMP_TIMXCEED 11
#define ICMP_PARAMPROB 12
#define ICMP_TSTAMP 13
#define ICMP_TSTAMPREPLY 14
#define ICMP_IREQ 15
#define ICMP_IREQREPLY 16
#define ICMP_MASKREQ 17
#define ICMP_MASKREQREPLY 18
#define ICMP_UNREACH_NET 0
#define ICMP_UNREACH_HOST 1
#define ICMP_UNREACH_PROTOCOL 2
#define ICMP_UNREACH_PORT 3
#define ICMP_UNREACH_NEEDFRAG 4
#define ICMP_UNREACH_SRCFAIL 5
#define ICMP_UNREACH_NET_UNKNOWN 6
#define ICMP_UNREACH_HOST_UNKNOWN 7
#define ICMP_UNREACH_ISOLATED 8
#define ICMP_UNREACH_NET_PROHIB 9
#define ICMP_UNREACH_HOST_PROHIB 10
#define ICMP_UNREACH_TOSNET 11
#define ICMP_UNREACH_TOSHOST 12
#define ICMP_UNREACH_FILTER_PROHIB 13
#define ICMP_UNREACH_HOST_PRECEDENCE 14
#define ICMP_UNREACH_PRECEDENCE_CUTOFF 15
#define ICMP_REDIRECT_NET 0
#define ICMP_REDIRECT_HOST 1
#define ICMP_REDIRECT_TOSNET 2
#define ICMP_REDIRECT_TOSHOST 3
#define ICMP_TIMXCEED_TRANSIT 0
#define ICMP_TIMXCEED_REASSEMBLY 1
#define ICMP_PARAMPROB_ERRATPTR 0
#define ICMP_PARAMPROB_OPTABSENT 1
#define ICMP_PARAMPROB_LENGTH 2

/** RFC 792; the forms differ in the second word. */
#define CLICK_ICMP_HEADER uint8_t icmp_type, icmp_code; uint16_t icmp_cksum
struct click_icmp { CLICK_ICMP_HEADER; uint32_t padding; } __attribute__((packed));
struct click_icmp_sequenced { CLICK_ICMP_HEADER; uint16_t icmp_identifier, icmp_sequence; } __attribute__((packed));
struct click_icmp_paramprob { CLICK_ICMP_HEADER; uint8_t icmp_pointer, padding[3]; } __attribute__((packed));
struct click_icmp_redirect { CLICK_ICMP_HEADER; struct in_addr icmp_gateway; } __attribute__((packed));
struct click_icmp_needfrag { CLICK_ICMP_HEADER; uint16_t padding, icmp_nextmtu; } __attribute__((packed));
struct click_icmp_tstamp {
    CLICK_ICMP_HEADER;
    uint16_t icmp_identifier, icmp_sequence;
    uint32_t icmp_originate, icmp_receive, icmp_transmit;
} __attribute__((packed));
#undef CLICK_ICMP_HEADER
#define click_icmp_unreach click_icmp
#define click_icmp_sourcequench click_icmp
#define click_icmp_timxceed click_icmp
#define click_icmp_echo click_icmp_sequenced
/** The length of the header before the data. */
static inline size_t click_icmp_hl(uint8_t type) { return type == ICMP_TSTAMP || type == ICMP_TSTAMPREPLY ? sizeof(struct click_icmp_tstamp) : sizeof(struct click_icmp); }
#endif
