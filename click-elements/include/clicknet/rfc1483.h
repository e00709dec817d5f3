#ifndef CLICKNET_RFC1483_H
#define CLICKNET_RFC1483_H
#include <stdint.h>
struct click_rfc1483 { uint8_t dsap, ssap, ui, orgcode[3]; uint16_t ether_type; } __attribute__((packed));
#define RFC1483_SNAP_IP_EXPECTED "\xAA\xAA\x03\x00\x00\x00"
#define RFC1483_SNAP_IP_EXPECTED_LEN 6
#endif
