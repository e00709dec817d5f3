#ifndef CLICKNET_UDP_H
#define CLICKNET_UDP_H
#include <stdint.h>
struct click_udp { uint16_t uh_sport, uh_dport, uh_ulen, uh_sum; } __attribute__((packed));
#endif
