#include <click/config.h>
#include <click/packet.hh>
#include "gtpbuild.hh"
CLICK_DECLS

WritablePacket *gtp_message(const GTPOuter &o, const unsigned char *gtp, uint32_t size) {
    WritablePacket *q = Packet::make(Packet::default_headroom, nullptr, o.length() + size, 0);
    if (!q)
        return nullptr;
    unsigned char *at = gtp_write_outer(q->data(), o, 8 + size);
    memcpy(at, gtp, size);
    if (o.six())
        gtp_finish6(at - 8, 8 + size);
    return q;
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPBuild)
