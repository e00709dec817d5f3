#ifndef CLICKNET_TCP_H
#define CLICKNET_TCP_H
#include <clicknet/anywhere.h>
#define TH_FIN 0x01
#define TH_SYN 0x02
#define TH_RST 0x04
#define TH_PUSH 0x08
#define TH_ACK 0x10
#define TH_URG 0x20
#define TH_ECE 0x40
#define TH_CWR 0x80
#define TH_NS 0x01              // in th_flags2
typedef uint32_t tcp_seq_t;
#define SEQ_LT(x, y) ((int) ((x) - (y)) < 0)
#define SEQ_LEQ(x, y) ((int) ((x) - (y)) <= 0)
#define SEQ_GT(x, y) ((int) ((x) - (y)) > 0)
#define SEQ_GEQ(x, y) ((int) ((x) - (y)) >= 0)
#define TCPOPT_EOL 0
#define TCPOPT_NOP 1
#define TCPOPT_MAXSEG 2
#define TCPOPT_WSCALE 3
#define TCPOPT_SACK_PERMITTED 4
#define TCPOPT_SACK 5
#define TCPOPT_TIMESTAMP 8
#define TCPOLEN_MAXSEG 4
#define TCPOLEN_WSCALE 3
#define TCPOLEN_SACK_PERMITTED 2
#define TCPOLEN_TIMESTAMP 10
/** RFC 9293 §3.1. */
struct click_tcp {
    click_u16 th_sport, th_dport;
    click_u32 th_seq, th_ack;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint8_t th_flags2 : 4, th_off : 4;
#else
    uint8_t th_off : 4, th_flags2 : 4;
#endif
    uint8_t th_flags;
    click_u16 th_win, th_sum, th_urp;
};
#endif
