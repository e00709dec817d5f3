#ifndef CLICKNET_ICMP_H
#define CLICKNET_ICMP_H
#include <stdint.h>
#define ICMP_ECHOREPLY 0
#define ICMP_UNREACH 3
#define ICMP_ECHO 8
struct click_icmp { uint8_t icmp_type, icmp_code; uint16_t icmp_cksum; uint32_t padding; } __attribute__((packed));
struct click_icmp_echo { uint8_t icmp_type, icmp_code; uint16_t icmp_cksum, icmp_identifier, icmp_sequence; } __attribute__((packed));
#endif
