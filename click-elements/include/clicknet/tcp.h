#ifndef CLICKNET_TCP_H
#define CLICKNET_TCP_H
#include <stdint.h>
#define TH_FIN 0x01
#define TH_SYN 0x02
#define TH_RST 0x04
#define TH_PUSH 0x08
#define TH_ACK 0x10
#define TH_URG 0x20
/** RFC 9293 §3.1. */
struct click_tcp {
    uint16_t th_sport, th_dport;
    uint32_t th_seq, th_ack;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint8_t th_flags2 : 4, th_off : 4;
#else
    uint8_t th_off : 4, th_flags2 : 4;
#endif
    uint8_t th_flags;
    uint16_t th_win, th_sum, th_urp;
} __attribute__((packed));
#endif
