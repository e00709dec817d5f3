#ifndef CLICKNET_PPP_H
#define CLICKNET_PPP_H
// RFC 1661 and the IANA list of PPP protocols
#define PPP_ADDRESS 0xFF
#define PPP_CONTROL 0x03
#define PPP_IP 0x0021
#define PPP_OSI 0x0023
#define PPP_NS 0x0025
#define PPP_DECNET 0x0027
#define PPP_APPLE 0x0029
#define PPP_IPX 0x002B
#define PPP_VJC 0x002D
#define PPP_VJNC 0x002F
#define PPP_IPV6 0x0057
#define PPP_COMP 0x00FD
#define PPP_MPLS_UCAST 0x0281
#define PPP_MPLS_MCAST 0x0283
#define PPP_IPCP 0x8021
#define PPP_IPV6CP 0x8057
#define PPP_CCP 0x80FD
#define PPP_LCP 0xC021
#define PPP_PAP 0xC023
#define PPP_LQM 0xC025
#define PPP_CHAP 0xC223
#define PPP_EAP 0xC227
#endif
