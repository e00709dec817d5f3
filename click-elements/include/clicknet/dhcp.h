#ifndef CLICKNET_DHCP_H
#define CLICKNET_DHCP_H
#include <stdint.h>
/** RFC 2131, with the magic cookie and room for options. */
struct click_dhcp {
    uint8_t op, htype, hlen, hops;
    uint32_t xid;
    uint16_t secs, flags;
    uint32_t ciaddr, yiaddr, siaddr, giaddr;
    uint8_t chaddr[16], sname[64], file[128];
    uint32_t magic;
    uint8_t options[312];
} __attribute__((packed));
#define ETH_10MB 1
#define ETH_10MB_LEN 6
#define DHCP_BOOTREQUEST 1
#define DHCP_BOOTREPLY 2
#define DHCP_DISCOVER 1
#define DHCP_OFFER 2
#define DHCP_REQUEST 3
#define DHCP_DECLINE 4
#define DHCP_ACK 5
#define DHCP_NACK 6
#define DHCP_RELEASE 7
#define DHCP_INFORM 8
#define DHCP_MAGIC 0x63538263
enum dhcp_client_state {
    DHCP_CLIENT_INIT_STATE = 1, DHCP_CLIENT_SELECTING_STATE, DHCP_CLIENT_REQUESTING_STATE, DHCP_CLIENT_INIT_REBOOT,
    DHCP_CLIENT_REBOOTING, DHCP_CLIENT_BOUND, DHCP_CLIENT_RENEWING, DHCP_CLIENT_REBINDING
};
// RFC 2132
#define DHO_PAD 0
#define DHO_SUBNET_MASK 1
#define DHO_TIME_OFFSET 2
#define DHO_ROUTERS 3
#define DHO_TIME_SERVERS 4
#define DHO_NAME_SERVERS 5
#define DHO_DOMAIN_NAME_SERVERS 6
#define DHO_LOG_SERVERS 7
#define DHO_HOST_NAME 12
#define DHO_BOOT_SIZE 13
#define DHO_DOMAIN_NAME 15
#define DHO_ROOT_PATH 17
#define DHO_IP_FORWARDING 19
#define DHO_DEFAULT_IP_TTL 23
#define DHO_INTERFACE_MTU 26
#define DHO_BROADCAST_ADDRESS 28
#define DHO_STATIC_ROUTES 33
#define DHO_NTP_SERVERS 42
#define DHO_DHCP_REQUESTED_ADDRESS 50
#define DHO_DHCP_LEASE_TIME 51
#define DHO_DHCP_OPTION_OVERLOAD 52
#define DHO_DHCP_MESSAGE_TYPE 53
#define DHO_DHCP_SERVER_IDENTIFIER 54
#define DHO_DHCP_PARAMETER_REQUEST_LIST 55
#define DHO_DHCP_MESSAGE 56
#define DHO_DHCP_MAX_MESSAGE_SIZE 57
#define DHO_DHCP_RENEWAL_TIME 58
#define DHO_DHCP_REBINDING_TIME 59
#define DHO_VENDOR_CLASS_IDENTIFIER 60
#define DHO_DHCP_CLIENT_IDENTIFIER 61
#define DHO_USER_CLASS 77
#define DHO_FQDN 81
#define DHO_DHCP_AGENT_OPTIONS 82
#define DHO_END 255
#endif
