// ARP (RFC 826) for Ethernet and IPv4, in frames.
#ifndef CLICK_ARPFRAME_HH
#define CLICK_ARPFRAME_HH
#include <click/etheraddress.hh>
#include <click/packet.hh>
#include <clicknet/ether.h>
CLICK_DECLS

struct ARPFrame {
    enum { length = sizeof(click_ether) + sizeof(click_ether_arp) };
    unsigned char d[length];

    /** What @a p begins with if it is an ARP message of kind @a op for IPv4 on Ethernet, else null. */
    static const ARPFrame *of(const Packet *p, uint16_t op) {
        const unsigned char fixed[10] = {8, 6, 0, 1, 8, 0, 6, 4, (unsigned char) (op >> 8), (unsigned char) op};
        return p->length() >= length && memcmp(p->data() + 12, fixed, sizeof fixed) == 0 ? reinterpret_cast<const ARPFrame *>(p->data()) : nullptr;
    }
    EtherAddress sender_mac() const { return EtherAddress(d + 22); }
    IPAddress sender_ip() const { return IPAddress(d + 28); }
    EtherAddress target_mac() const { return EtherAddress(d + 32); }
    IPAddress target_ip() const { return IPAddress(d + 38); }

    /** A message in a frame from @a sha to @a dst; null when out of memory. */
    static WritablePacket *make(uint16_t op, const EtherAddress &dst, const EtherAddress &sha, IPAddress spa, const EtherAddress &tha, IPAddress tpa) {
        WritablePacket *q = Packet::make(Packet::default_headroom, nullptr, length, 0);
        if (!q)
            return nullptr;
        const unsigned char fixed[10] = {8, 6, 0, 1, 8, 0, 6, 4, (unsigned char) (op >> 8), (unsigned char) op};
        unsigned char *d = q->data();
        memcpy(d, dst.data(), 6);
        memcpy(d + 6, sha.data(), 6);
        memcpy(d + 12, fixed, sizeof fixed);
        memcpy(d + 22, sha.data(), 6);
        memcpy(d + 28, spa.data(), 4);
        memcpy(d + 32, tha.data(), 6);
        memcpy(d + 38, tpa.data(), 4);
        q->set_mac_header(d, sizeof(click_ether));
        return q;
    }
};

CLICK_ENDDECLS
#endif
