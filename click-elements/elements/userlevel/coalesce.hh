#ifndef LCLICK_COALESCE_HH
#define LCLICK_COALESCE_HH
#include "elements/userlevel/offload.hh"
#include <stddef.h>
CLICK_DECLS
namespace offload {

/** What stands before the payloads of several packets that are sent as one frame, to be cut by a card or the kernel. */
struct SuperHeader {
    enum { max = 14 + 8 + 40 + 60 };
    VnetHeader vnet;
    unsigned char bytes[max];   // right behind it
    uint32_t length;            // of a packet's headers, the same in each
};
static_assert(offsetof(SuperHeader, bytes) == sizeof(VnetHeader), "sent in one piece");

enum Coalescing {
    coalesce_nothing = 0, coalesce_tcp = 1, coalesce_udp = 2,
    coalesce_atomic = 4,        // cutting may number anew what is an atomic datagram (IPv4, DF, no fragment: RFC 6864 §4)
    coalesce_unsummed = 8       // cutting may give a checksum to UDP datagrams over IPv4 that have none
};

/** How many of @a packets, Ethernet frames, from the first on may be sent as one frame of which segmentation makes exactly those again,
    bit by bit: segments of one TCP connection in sequence, or datagrams of one UDP flow, of equal size but for a shorter last one, alike in
    all else that cutting does not count on, with right checksums (cutting makes right ones) and, in IPv4, consecutive identifications
    without options; but for what @a allowed, of Coalescing, says more. 1 if not even two; else @a header is filled in. */
int coalesce(Packet *const *packets, int n, int allowed, SuperHeader &header);

}
CLICK_ENDDECLS
#endif
