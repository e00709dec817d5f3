// The packet that sources give copies of, from their DATA and LENGTH.
#ifndef CLICK_SOURCEPACKET_HH
#define CLICK_SOURCEPACKET_HH
#include <click/packet.hh>
#include <click/string.hh>
CLICK_DECLS

/** In the place of @a packet: @a data, or if @a length is not negative as many bytes of it, over and over. False, and nothing
    changed, if there is no memory. */
inline bool replace_source_packet(Packet *&packet, const String &data, int length) {
    String all = data;
    if (length >= 0) {
        while (all.length() < length && data)
            all += data;
        all = all.substring(0, length);
    }
    Packet *p = Packet::make(Packet::default_headroom + 36, all.data(), all.length(), 0);
    if (!p)
        return false;
    if (packet)
        packet->kill();
    packet = p;
    return true;
}

CLICK_ENDDECLS
#endif
