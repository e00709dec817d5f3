#ifndef LCLICK_PCAPFILE_HH
#define LCLICK_PCAPFILE_HH
#include <click/glue.hh>
CLICK_DECLS

/** The pcap file format, as FromDump reads and ToDump writes it. */
enum : uint32_t { PCAP_MAGIC = 0xA1B2C3D4, PCAP_MAGIC_NS = 0xA1B23C4D };
struct PcapFileHeader { uint32_t magic; uint16_t major, minor; int32_t zone; uint32_t sigfigs, snaplen, linktype; };
struct PcapRecordHeader { uint32_t sec, subsec, caplen, len; };

CLICK_ENDDECLS
#endif
