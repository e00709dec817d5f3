#ifndef LCLICK_FLOWGROUPS_HH
#define LCLICK_FLOWGROUPS_HH
#include <click/packet.hh>
CLICK_DECLS
namespace offload {

/** Brings packets of one flow together although others stand between them, as Linux's GRO does. What keeps its order: the packets of a
    TCP connection or UDP flow one way (addresses, protocol, ports); all between the same two addresses one way if anything
    else goes there too (fragments, which tell no ports, ICMP, ESP, IPv6 extension headers); and all that is not IP. Tags and Ethernet addresses are not
    looked at. Two flows may be taken for one, or a pair of addresses for one that something else goes between: that only keeps more in order. */
class FlowGroups { public:
    enum { most = 512 };
    FlowGroups();
    /** Reorder Ethernet frames: what shares a flow first, flow by flow in the order of their first packets, then what is alone, as it came.
        How many are alone; at least the last so many. All if there are more than `most`, which stay as they are. */
    int gather(Packet **, int n);
  private:
    enum { nobody = 0xFFFF };
    const uint64_t _seed;       // nobody shall know which flows meet in a slot
    uint32_t _key[most], _pair[most], _group_key[most];
    uint16_t _slot[2 * most], _group[most], _size[most], _at[most];
    Packet *_to[most];
    uint64_t look_at(const Packet *, int i);
};

}
CLICK_ENDDECLS
#endif
