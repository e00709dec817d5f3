#ifndef CLICKNET_UDP_H
#define CLICKNET_UDP_H
#include <clicknet/anywhere.h>
/** RFC 768. */
struct click_udp { click_u16 uh_sport, uh_dport, uh_ulen, uh_sum; };
#endif
