#ifndef CLICKNET_LLC_H
#define CLICKNET_LLC_H
#include <stdint.h>
/** IEEE 802.2. */
struct click_llc {
    uint8_t llc_dsap, llc_ssap;
    union {
        struct { uint8_t control, format_id, _class, window_x2; } type_u;
        struct { uint8_t num_snd_x2, num_rcv_x2; } type_i;
        struct { uint8_t control, num_rcv_x2; } type_s;
        struct { uint8_t control; struct { uint8_t rej_pdu_0, rej_pdu_1, frmr_control, frmr_control_ext, frmr_cause; } frmrinfo; } type_frmr;
        struct { uint8_t control, org_code[3]; uint16_t ether_type; } __attribute__((packed)) type_snap;
        struct { uint8_t control, control_ext; } type_raw;
    } llc_un;
} __attribute__((packed));
#define llc_control llc_un.type_u.control
#define llc_control_ext llc_un.type_raw.control_ext
#define LLC_ISFRAMELEN 4
#define LLC_UFRAMELEN 3
#define LLC_FRMRLEN 7
#define LLC_UI 0x03
#define LLC_XID 0xAF
#define LLC_TEST 0xE3
#define LLC_IP_LSAP 0x06
#define LLC_X25_LSAP 0x7E
#define LLC_SNAP_LSAP 0xAA
#define LLC_ISO_LSAP 0xFE
#endif
