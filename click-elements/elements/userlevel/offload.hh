#ifndef LCLICK_OFFLOAD_HH
#define LCLICK_OFFLOAD_HH
#include <click/packet.hh>
CLICK_DECLS

/** Doing in software what a sender left for its network card to do. */
namespace offload {

/** virtio 1.2 §5.1.6, the part without merged buffers (linux/virtio_net.h does not compile as C++). */
struct VnetHeader { uint8_t flags, gso_type; uint16_t header_len, gso_size, csum_start, csum_offset; };
enum { needs_csum = 1, gso_none = 0, gso_tcp4 = 1, gso_tcp6 = 4, gso_udp = 5, gso_ecn = 0x80 };

/** What virtio_net_hdr and PACKET_AUXDATA say about a frame (virtio 1.2 §5.1.6). */
struct Hint {
    uint8_t flags, gso_type;
    uint16_t gso_size, csum_start, csum_offset;
    uint32_t vlan;          // TPID << 16 | TCI to put back, or 0
};

/** A frame that needs no cutting as it would have left the card: its checksum complete, its tag in; consumes @a p. Null if it cannot
    be done. What is to be cut is cut()'s in segments.hh. */
Packet *complete(WritablePacket *p, const Hint &);

/** Finish the TCP or UDP checksum of an Ethernet frame of which nobody tells whether it is partial. It is if the field holds the
    pseudo-header's sum. A finished one that happens to be equal to that stays what it is, so only a frame that was damaged on the
    way can be taken for whole, one in 65,536. What is inside a tunnel is not looked at. */
void complete_if_partial(WritablePacket *);

}
CLICK_ENDDECLS
#endif
