#include <click/config.h>
#include <click/packet_anno.hh>
#include "gtprestore.hh"
#include "elements/gtp/gtpdecap.hh"
CLICK_DECLS

Packet *GTPRestore::simple_action(Packet *p) {
    uint16_t n = p->anno_u16(GTP_STRIPPED_ANNO_OFFSET);
    if (!n)
        return p;
    if (n > p->headroom()) {
        // The outer header is gone: someone moved the packet to a smaller buffer.
        p->kill();
        return nullptr;
    }
    p->set_anno_u16(GTP_STRIPPED_ANNO_OFFSET, 0);
    ++_count;
    return p->nonunique_push(n);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPDecap)
EXPORT_ELEMENT(GTPRestore)
