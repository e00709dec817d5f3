// Neighbour solicitations and advertisements (RFC 4861 §4.3, §4.4) in Ethernet frames.
#ifndef CLICK_NDMESSAGE_HH
#define CLICK_NDMESSAGE_HH
#include <click/etheraddress.hh>
#include "ip6packet.hh"
CLICK_DECLS

struct NDMessage {
    enum { solicitation = 135, advertisement = 136, source_option = 1, target_option = 2 };
    enum { router = 0x80, solicited = 0x40, override_flag = 0x20 };
    EtherAddress frame_source, link_address;
    IP6Address src, dst, target;
    uint8_t flags = 0;
    bool has_link_address = false;      // the option that goes with the type was there

    /** Read a message of this type; false if it is not one, or one that must not be believed (§7.1). */
    bool parse(const Packet *, uint8_t type);
    /** A frame with a message about @a target, with @a own in its option; null when out of memory. */
    static WritablePacket *make(uint8_t type, uint8_t flags, const EtherAddress &to_mac, const EtherAddress &own, const IP6Address &src, const IP6Address &dst,
                                const IP6Address &target);

    /** The group in which who has @a a listens (RFC 4291 §2.7.1). */
    static IP6Address solicited_node(const IP6Address &a);
    /** Where frames for a group go (RFC 2464 §7). */
    static EtherAddress group_mac(const IP6Address &group);
};

CLICK_ENDDECLS
#endif
