#ifndef CLICKNET_ETHER_H
#define CLICKNET_ETHER_H
#include <stdint.h>
#define ETHERTYPE_IP 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_8021Q 0x8100
#define ETHERTYPE_8021AD 0x88A8
#define ETHERTYPE_IP6 0x86DD
#define ARPHRD_ETHER 1
#define ARPOP_REQUEST 1
#define ARPOP_REPLY 2
struct click_ether {
    uint8_t ether_dhost[6], ether_shost[6];
    uint16_t ether_type;
} __attribute__((packed));
struct click_ether_vlan {
    uint8_t ether_dhost[6], ether_shost[6];
    uint16_t ether_vlan_proto, ether_vlan_tci, ether_vlan_encap_proto;
} __attribute__((packed));
/** RFC 826, Ethernet and IPv4. */
struct click_ether_arp {
    uint16_t ar_hrd, ar_pro;
    uint8_t ar_hln, ar_pln;
    uint16_t ar_op;
    uint8_t arp_sha[6], arp_spa[4], arp_tha[6], arp_tpa[4];
} __attribute__((packed));
#endif
