// Offsets of the annotations that elements share, in the 48 bytes each packet carries.
#ifndef CLICK_PACKET_ANNO_HH
#define CLICK_PACKET_ANNO_HH
#define DST_IP_ANNO_OFFSET 0
#define DST_IP_ANNO_SIZE 4
#define DST_IP6_ANNO_OFFSET 0
#define DST_IP6_ANNO_SIZE 16
#define PAINT_ANNO_OFFSET 16
#define PAINT_ANNO_SIZE 1
#define PAINT_ANNO(p) ((p)->anno_u8(PAINT_ANNO_OFFSET))
#define SET_PAINT_ANNO(p, v) ((p)->set_anno_u8(PAINT_ANNO_OFFSET, (v)))
#define VLAN_TCI_ANNO_OFFSET 20
#define VLAN_TCI_ANNO_SIZE 2
#define VLAN_TCI_ANNO(p) ((p)->anno_u16(VLAN_TCI_ANNO_OFFSET))
#define SET_VLAN_TCI_ANNO(p, v) ((p)->set_anno_u16(VLAN_TCI_ANNO_OFFSET, (v)))
#define AGGREGATE_ANNO_OFFSET 20
#define AGGREGATE_ANNO_SIZE 4
#define AGGREGATE_ANNO(p) ((p)->anno_u32(AGGREGATE_ANNO_OFFSET))
#define SET_AGGREGATE_ANNO(p, v) ((p)->set_anno_u32(AGGREGATE_ANNO_OFFSET, (v)))
#define EXTRA_PACKETS_ANNO_OFFSET 24
#define EXTRA_PACKETS_ANNO(p) ((p)->anno_u32(EXTRA_PACKETS_ANNO_OFFSET))
#define SET_EXTRA_PACKETS_ANNO(p, v) ((p)->set_anno_u32(EXTRA_PACKETS_ANNO_OFFSET, (v)))
#define EXTRA_LENGTH_ANNO_OFFSET 28
#define EXTRA_LENGTH_ANNO(p) ((p)->anno_u32(EXTRA_LENGTH_ANNO_OFFSET))
#define SET_EXTRA_LENGTH_ANNO(p, v) ((p)->set_anno_u32(EXTRA_LENGTH_ANNO_OFFSET, (v)))
#define FIRST_TIMESTAMP_ANNO_OFFSET 32
#define PACKET_NUMBER_ANNO_OFFSET 32
#define SEQUENCE_NUMBER_ANNO_OFFSET 36
#define PERFCTR_ANNO_OFFSET 40
#endif
