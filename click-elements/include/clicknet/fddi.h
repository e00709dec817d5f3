#ifndef CLICKNET_FDDI_H
#define CLICKNET_FDDI_H
#include <stdint.h>
struct click_fddi { uint8_t fc, daddr[6], saddr[6]; } __attribute__((packed));
struct click_fddi_8022_1 { struct click_fddi h; uint8_t dsap, ssap, ctrl; } __attribute__((packed));
struct click_fddi_8022_2 { struct click_fddi h; uint8_t dsap, ssap, ctrl1, ctrl2; } __attribute__((packed));
struct click_fddi_snap { struct click_fddi h; uint8_t dsap, ssap, ctrl, oui[3]; uint16_t ether_type; } __attribute__((packed));
#define FDDI_FC_LLC_ASYNC 0x50
#define FDDI_FC_LLCMASK 0xF0
#endif
