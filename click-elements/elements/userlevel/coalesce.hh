#ifndef LCLICK_COALESCE_HH
#define LCLICK_COALESCE_HH
#include "elements/userlevel/offload.hh"
CLICK_DECLS
namespace offload {

/** What stands before the payloads of several packets that are sent as one frame, to be cut by a card or the kernel. */
struct SuperHeader {
    enum { max = 14 + 8 + 40 + 60 };
    VnetHeader vnet;
    unsigned char bytes[max];
    uint32_t length;            // of a packet's headers, the same in each
};

enum Coalescing { coalesce_nothing = 0, coalesce_tcp = 1, coalesce_udp = 2, coalesce_unsummed = 4 };

/** How many of @a packets, Ethernet frames, from the first on may be sent as one frame of which segmentation makes exactly those again,
    bit by bit: segments of one TCP connection in sequence, or datagrams of one UDP flow, of equal size but for a shorter last one, alike in
    all else that cutting does not count on, with right checksums (cutting makes right ones) and, in IPv4, consecutive identifications
    without options. 1 if not even two; else @a header is filled in. With coalesce_unsummed datagrams over IPv4 that have no checksum are put
    together as well, and have one when they are cut. */
int coalesce(Packet *const *packets, int n, int allowed, SuperHeader &header);

}
CLICK_ENDDECLS
#endif
