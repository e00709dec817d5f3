#ifndef LCLICK_PCAPFILE_HH
#define LCLICK_PCAPFILE_HH
#include <click/glue.hh>
CLICK_DECLS

/** The pcap file format, as FromDump reads and ToDump writes it. */
enum : uint32_t { PCAP_MAGIC = 0xA1B2C3D4, PCAP_MAGIC_NS = 0xA1B23C4D };
struct PcapFileHeader { uint32_t magic; uint16_t major, minor; int32_t zone; uint32_t sigfigs, snaplen, linktype; };
struct PcapRecordHeader { uint32_t sec, subsec, caplen, len; };

/** Click's names of pcap's link types. */
struct PcapEncap { const char *name; uint32_t linktype; };
static const PcapEncap pcap_encaps[] = {
    {"ETHER", 1}, {"IP", 101}, {"IP", 12}, {"IP", 14}, {"NULL", 0}, {"PPP", 9}, {"FDDI", 10}, {"ATM", 100}, {"802_11", 105}, {"SLL", 113}, {"PRISM", 119},
    {"AIRONET", 120}, {"HDLC", 104}, {"PPP_HDLC", 50}, {"SUNATM", 123}, {"802_11_RADIO", 127}};

CLICK_ENDDECLS
#endif
