#ifndef CLICKNET_ETHER_H
#define CLICKNET_ETHER_H
#include <stdint.h>
#define ETHERTYPE_IP 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_TRAIL 0x1000
#define ETHERTYPE_8021Q 0x8100
#define ETHERTYPE_8021AD 0x88A8
#define ETHERTYPE_IP6 0x86DD
#define ETHERTYPE_MACCONTROL 0x8808
#define ETHERTYPE_PPPOE_DISC 0x8863
#define ETHERTYPE_PPPOE_SESSION 0x8864
#define ETHERTYPE_GRID 0x7FFF
#define ARPHRD_ETHER 1
#define ARPHRD_IEEE802 6
#define ARPHRD_ARCNET 7
#define ARPHRD_FRELAY 15
#define ARPHRD_STRIP 23
#define ARPHRD_IEEE1394 24
#define ARPHRD_80211 801
#define ARPOP_REQUEST 1
#define ARPOP_REPLY 2
#define ARPOP_REVREQUEST 3
#define ARPOP_REVREPLY 4
#define ARPOP_INVREQUEST 8
#define ARPOP_INVREPLY 9
struct click_ether {
    uint8_t ether_dhost[6], ether_shost[6];
    uint16_t ether_type;
} __attribute__((packed));
struct click_ether_vlan {
    uint8_t ether_dhost[6], ether_shost[6];
    uint16_t ether_vlan_proto, ether_vlan_tci, ether_vlan_encap_proto;
} __attribute__((packed));
/** RFC 826. */
struct click_arp {
    uint16_t ar_hrd, ar_pro;
    uint8_t ar_hln, ar_pln;
    uint16_t ar_op;
} __attribute__((packed));
/** The same for Ethernet and IPv4. */
struct click_ether_arp {
    struct click_arp ea_hdr;
    uint8_t arp_sha[6], arp_spa[4], arp_tha[6], arp_tpa[4];
} __attribute__((packed));
/** IEEE 802.3 annex 31. */
#define ETHER_MACCTL_OP_PAUSE 0x0001
struct click_ether_macctl { uint16_t ether_macctl_opcode, ether_macctl_param; uint8_t ether_macctl_reserved[42]; } __attribute__((packed));
// RFC 4861, with the one option that Ethernet needs
#define ND_SOL 135
#define ND_ADV 136
struct click_nd_sol {
    uint8_t type, code;
    uint16_t checksum;
    uint32_t reserved;
    uint8_t nd_tpa[16], option_type, option_length, nd_sha[6];
} __attribute__((packed));
struct click_nd_adv {
    uint8_t type, code;
    uint16_t checksum;
    uint8_t flags, reserved[3], nd_tpa[16], option_type, option_length, nd_tha[6];
} __attribute__((packed));
struct click_nd_adv2 {
    uint8_t type, code;
    uint16_t checksum;
    uint8_t flags, reserved[3], nd_tpa[16];
} __attribute__((packed));
#endif
