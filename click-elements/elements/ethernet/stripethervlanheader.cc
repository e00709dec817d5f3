#include <click/config.h>
#include "stripethervlanheader.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/packet_anno.hh>
#include <clicknet/ether.h>
CLICK_DECLS

int StripEtherVLANHeader::configure(Vector<String> &conf, ErrorHandler *errh) {
    int native = 0;
    if (Args(conf, this, errh).read_p("NATIVE_VLAN", native).complete() < 0)
        return -1;
    if (native > 0xFFF)
        return errh->error("bad NATIVE_VLAN");
    _native = native;
    return 0;
}

Packet *StripEtherVLANHeader::simple_action(Packet *p) {
    const click_ether_vlan *e = reinterpret_cast<const click_ether_vlan *>(p->data());
    uint32_t len = p->length();
    if (len >= sizeof *e && e->ether_vlan_proto == htons(ETHERTYPE_8021Q)) {
        SET_VLAN_TCI_ANNO(p, e->ether_vlan_tci);
        p->pull(sizeof *e);
        return p;
    }
    if (likely(len >= sizeof(click_ether) && e->ether_vlan_proto != htons(ETHERTYPE_8021Q) && _native >= 0)) {
        SET_VLAN_TCI_ANNO(p, htons((uint16_t) _native));
        p->pull(sizeof(click_ether));
        return p;
    }
    checked_output_push(1, p);
    return nullptr;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(StripEtherVLANHeader StripEtherVLANHeader-StripEtherVlanHeader)
