#include <click/config.h>
#include "vlandecap.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
#include <clicknet/ether.h>
CLICK_DECLS

int VLANDecap::configure(Vector<String> &conf, ErrorHandler *errh) {
    bool anno = true;
    uint16_t type = ETHERTYPE_8021Q;
    if (Args(conf, this, errh).read_p("ANNO", anno).read("ETHERTYPE", type).complete() < 0)
        return -1;
    _anno = anno, _type = htons(type);
    return 0;
}

Packet *VLANDecap::simple_action(Packet *p) {
    uint16_t shim[2] = {0, 0};
    if (likely(p->length() >= 14))
        memcpy(shim, p->data() + 12, p->length() >= 16 ? 4 : 2);
    if (p->length() < 14 || shim[0] != _type) {
        if (_anno) SET_VLAN_TCI_ANNO(p, 0);
        return p;
    }
    if (unlikely(p->length() < sizeof(click_ether_vlan))) {
        p->kill();
        return nullptr;
    }
    WritablePacket *q = p->uniqueify();
    if (!q)
        return nullptr;
    if (_anno) SET_VLAN_TCI_ANNO(q, shim[1]);
    memmove(q->data() + 4, q->data(), 12);
    q->pull(4);
    q->set_mac_header(q->data(), 14);
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(VLANDecap)
