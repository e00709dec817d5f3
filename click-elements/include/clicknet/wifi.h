#ifndef CLICKNET_WIFI_H
#define CLICKNET_WIFI_H
#include <stdint.h>
/** What drivers and rate control say of a packet, in the annotations from WIFI_EXTRA_ANNO_OFFSET on. */
#define WIFI_EXTRA_MAGIC 0x7492001
enum {
    WIFI_EXTRA_TX = 1, WIFI_EXTRA_TX_FAIL = 2, WIFI_EXTRA_TX_USED_ALT_RATE = 4, WIFI_EXTRA_RX_ERR = 8, WIFI_EXTRA_RX_MORE = 16,
    WIFI_EXTRA_NO_SEQ = 32, WIFI_EXTRA_NO_TXF = 64, WIFI_EXTRA_DO_RTS_CTS = 128, WIFI_EXTRA_DO_CTS = 256, WIFI_EXTRA_TX_NOACK = 512
};
struct click_wifi_extra {
    uint32_t magic, flags;
    uint8_t rssi, silence, power, pad;
    uint8_t rate, rate1, rate2, rate3, max_tries, max_tries1, max_tries2, max_tries3, virt_col, retries;
    uint16_t len;
} __attribute__((packed));

/** IEEE 802.11. */
#define WIFI_ADDR_LEN 6
struct click_wifi {
    uint8_t i_fc[2];
    uint16_t i_dur;
    uint8_t i_addr1[WIFI_ADDR_LEN], i_addr2[WIFI_ADDR_LEN], i_addr3[WIFI_ADDR_LEN];
    uint16_t i_seq;
} __attribute__((packed));
#define WIFI_FC0_VERSION_MASK 0x03
#define WIFI_FC0_VERSION_0 0x00
#define WIFI_FC0_TYPE_MASK 0x0C
#define WIFI_FC0_TYPE_MGT 0x00
#define WIFI_FC0_TYPE_CTL 0x04
#define WIFI_FC0_TYPE_DATA 0x08
#define WIFI_FC0_SUBTYPE_MASK 0xF0
#define WIFI_FC0_SUBTYPE_ASSOC_REQ 0x00
#define WIFI_FC0_SUBTYPE_ASSOC_RESP 0x10
#define WIFI_FC0_SUBTYPE_REASSOC_REQ 0x20
#define WIFI_FC0_SUBTYPE_REASSOC_RESP 0x30
#define WIFI_FC0_SUBTYPE_PROBE_REQ 0x40
#define WIFI_FC0_SUBTYPE_PROBE_RESP 0x50
#define WIFI_FC0_SUBTYPE_BEACON 0x80
#define WIFI_FC0_SUBTYPE_ATIM 0x90
#define WIFI_FC0_SUBTYPE_DISASSOC 0xA0
#define WIFI_FC0_SUBTYPE_AUTH 0xB0
#define WIFI_FC0_SUBTYPE_DEAUTH 0xC0
#define WIFI_FC0_SUBTYPE_PS_POLL 0xA0
#define WIFI_FC0_SUBTYPE_RTS 0xB0
#define WIFI_FC0_SUBTYPE_CTS 0xC0
#define WIFI_FC0_SUBTYPE_ACK 0xD0
#define WIFI_FC0_SUBTYPE_CF_END 0xE0
#define WIFI_FC0_SUBTYPE_CF_END_ACK 0xF0
#define WIFI_FC0_SUBTYPE_DATA 0x00
#define WIFI_FC0_SUBTYPE_CF_ACK 0x10
#define WIFI_FC0_SUBTYPE_CF_POLL 0x20
#define WIFI_FC0_SUBTYPE_CF_ACPL 0x30
#define WIFI_FC0_SUBTYPE_NODATA 0x40
#define WIFI_FC0_SUBTYPE_CFACK 0x50
#define WIFI_FC0_SUBTYPE_CFPOLL 0x60
#define WIFI_FC0_SUBTYPE_CF_ACK_CF_ACK 0x70
#define WIFI_FC0_SUBTYPE_QOS 0x80
#define WIFI_FC0_SUBTYPE_QOS_NULL 0xC0
#define WIFI_FC1_DIR_MASK 0x03
#define WIFI_FC1_DIR_NODS 0x00
#define WIFI_FC1_DIR_TODS 0x01
#define WIFI_FC1_DIR_FROMDS 0x02
#define WIFI_FC1_DIR_DSTODS 0x03
#define WIFI_FC1_MORE_FRAG 0x04
#define WIFI_FC1_RETRY 0x08
#define WIFI_FC1_PWR_MGT 0x10
#define WIFI_FC1_MORE_DATA 0x20
#define WIFI_FC1_WEP 0x40
#define WIFI_FC1_ORDER 0x80
#define WIFI_NWID_LEN 32
#define WIFI_NWID_MAXSIZE 32
#define WIFI_RATES_MAXSIZE 15
#define WIFI_MAX_RETRIES 11
#define WIFI_QOS_HAS_SEQ(w) (((w)->i_fc[0] & (WIFI_FC0_TYPE_MASK | WIFI_FC0_SUBTYPE_QOS)) == (WIFI_FC0_TYPE_DATA | WIFI_FC0_SUBTYPE_QOS))
typedef uint8_t *wifi_mgt_beacon_t;
#define WIFI_BEACON_INTERVAL(b) ((b)[8] | (b)[9] << 8)
#define WIFI_BEACON_CAPABILITY(b) ((b)[10] | (b)[11] << 8)
typedef uint8_t *wifi_mgt_auth_t;
#define WIFI_AUTH_ALGORITHM(a) ((a)[0] | (a)[1] << 8)
#define WIFI_AUTH_TRANSACTION(a) ((a)[2] | (a)[3] << 8)
#define WIFI_AUTH_STATUS(a) ((a)[4] | (a)[5] << 8)
#define WIFI_CAPINFO_ESS 0x01
#define WIFI_CAPINFO_IBSS 0x02
#define WIFI_CAPINFO_CF_POLLABLE 0x04
#define WIFI_CAPINFO_CF_POLLREQ 0x08
#define WIFI_CAPINFO_PRIVACY 0x10
enum {
    WIFI_ELEMID_SSID = 0, WIFI_ELEMID_RATES = 1, WIFI_ELEMID_FHPARMS = 2, WIFI_ELEMID_DSPARMS = 3, WIFI_ELEMID_CFPARMS = 4, WIFI_ELEMID_TIM = 5, WIFI_ELEMID_IBSSPARMS = 6, WIFI_ELEMID_CHALLENGE = 16, WIFI_ELEMID_ERP = 42, WIFI_ELEMID_XRATES = 50, WIFI_ELEMID_VENDOR = 221
};
#define WIFI_AUTH_ALG_OPEN 0
#define WIFI_AUTH_ALG_SHARED 1
#define WIFI_AUTH_OPEN_REQUEST 1
#define WIFI_AUTH_OPEN_RESPONSE 2
#define WIFI_AUTH_SHARED_REQUEST 1
#define WIFI_AUTH_SHARED_CHALLENGE 2
#define WIFI_AUTH_SHARED_RESPONSE 3
#define WIFI_AUTH_SHARED_PASS 4
#define WIFI_AUTH_NONE 0
#define WIFI_AUTH_OPEN 1
#define WIFI_AUTH_SHARED 2
#define WIFI_REASON_UNSPECIFIED 1
#define WIFI_REASON_AUTH_EXPIRE 2
#define WIFI_REASON_AUTH_LEAVE 3
#define WIFI_REASON_ASSOC_EXPIRE 4
#define WIFI_REASON_ASSOC_TOOMANY 5
#define WIFI_REASON_NOT_AUTHED 6
#define WIFI_REASON_NOT_ASSOCED 7
#define WIFI_REASON_ASSOC_LEAVE 8
#define WIFI_REASON_ASSOC_NOT_AUTHED 9
#define WIFI_STATUS_SUCCESS 0
#define WIFI_STATUS_UNSPECIFIED 1
#define WIFI_STATUS_CAPINFO 10
#define WIFI_STATUS_NOT_ASSOCED 11
#define WIFI_STATUS_OTHER 12
#define WIFI_STATUS_ALG 13
#define WIFI_STATUS_SEQUENCE 14
#define WIFI_STATUS_CHALLENGE 15
#define WIFI_STATUS_TIMEOUT 16
#define WIFI_STATUS_TOO_MANY_STATIONS 22
#define WIFI_STATUS_BASIC_RATES 18
#define WIFI_STATUS_RATES 23
#define WIFI_STATUS_SHORTSLOT_REQUIRED 25
#define WIFI_WEP_KEYLEN 5
#define WIFI_WEP_IVLEN 3
#define WIFI_WEP_KIDLEN 1
#define WIFI_WEP_CRCLEN 4
#define WIFI_WEP_NKID 4
#define WIFI_WEP_HEADERSIZE (WIFI_WEP_IVLEN + WIFI_WEP_KIDLEN)
#define WIFI_RATE_BASIC 0x80
#define WIFI_RATE_VAL 0x7F
#define WIFI_RATE_SIZE 8
#define WIFI_SEQ_FRAG_MASK 0x000F
#define WIFI_SEQ_FRAG_SHIFT 0
#define WIFI_SEQ_SEQ_MASK 0xFFF0
#define WIFI_SEQ_SEQ_SHIFT 4
#define WIFI_KEYBUF_SIZE 16
#define WIFI_MICBUF_SIZE 16
#define WIFI_MAX(a, b) ((a) > (b) ? (a) : (b))
#define WIFI_MIN(a, b) ((a) < (b) ? (a) : (b))
// Times in microseconds, 802.11b and 802.11a
#define WIFI_SLOT_B 20
#define WIFI_DIFS_B 50
#define WIFI_SIFS_B 10
#define WIFI_ACK_B 304
#define WIFI_PLCP_HEADER_LONG_B 192
#define WIFI_PLCP_HEADER_SHORT_B 192
#define WIFI_SLOT_A 9
#define WIFI_DIFS_A 28
#define WIFI_SIFS_A 9
#define WIFI_ACK_A 30
#define WIFI_PLCP_HEADER_A 20
#define WIFI_CW_MIN 31
#define WIFI_CW_MAX 1023
#define is_b_rate(r) ((r) == 2 || (r) == 4 || (r) == 11 || (r) == 22)
#define WIFI_LLC_HEADER ((const uint8_t *) "\xAA\xAA\x03\x00\x00")
#define WIFI_LLC_HEADER_LEN 6

// The header that the Prism 2 driver puts before a frame that it overheard
enum {
    DIDmsg_lnxind_wlansniffrm = 0x44, DIDmsg_lnxind_wlansniffrm_hosttime = 0x10044, DIDmsg_lnxind_wlansniffrm_mactime = 0x20044,
    DIDmsg_lnxind_wlansniffrm_channel = 0x30044, DIDmsg_lnxind_wlansniffrm_rssi = 0x40044, DIDmsg_lnxind_wlansniffrm_sq = 0x50044,
    DIDmsg_lnxind_wlansniffrm_signal = 0x60044, DIDmsg_lnxind_wlansniffrm_noise = 0x70044, DIDmsg_lnxind_wlansniffrm_rate = 0x80044,
    DIDmsg_lnxind_wlansniffrm_istx = 0x90044, DIDmsg_lnxind_wlansniffrm_frmlen = 0xA0044
};
enum { P80211ENUM_msgitem_status_no_value = 0, P80211ENUM_truth_false = 0 };
typedef struct { uint32_t did; uint16_t status, len; uint32_t data; } p80211item_uint32_t;
#define WLAN_DEVNAMELEN_MAX 16
typedef struct {
    uint32_t msgcode, msglen;
    uint8_t devname[WLAN_DEVNAMELEN_MAX];
    p80211item_uint32_t hosttime, mactime, channel, rssi, sq, signal, noise, rate, istx, frmlen;
} wlan_ng_prism2_header;
#define LWNG_CAP_DID_BASE (4 | (1 << 6))
#define LWNG_CAPHDR_VERSION 0x80211001
#endif
