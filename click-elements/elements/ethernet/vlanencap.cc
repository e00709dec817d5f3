#include <click/config.h>
#include "vlanencap.hh"
#include <click/router.hh>
#include <click/straccum.hh>
CLICK_DECLS

int VLANEncap::configure(Vector<String> &conf, ErrorHandler *errh) {
    VLANTag tag;
    Args args(conf, this, errh);
    args.read_or_set("ETHERTYPE", _type, (uint16_t) ETHERTYPE_8021Q);
    if (VLANTag::read(args, tag, vlan_flags).complete() < 0)
        return -1;
    _tag = tag;
    return 0;
}

Packet *VLANEncap::simple_action(Packet *p) {
    uint16_t tci = _tag.of(p);
    if (unlikely(p->length() < 12)) {
        p->kill();
        return nullptr;
    }
    if (_tag.is_native(tci))
        return p;
    WritablePacket *q = p->push(4);
    if (!q)
        return nullptr;
    memmove(q->data(), q->data() + 4, 12);
    uint16_t shim[2] = {htons(_type), htons(tci)};
    memcpy(q->data() + 12, shim, 4);
    if (q->length() >= sizeof(click_ether_vlan))
        q->set_mac_header(q->data(), sizeof(click_ether_vlan));
    else
        q->set_mac_header(q->data());
    return q;
}

int VLANEncap::set_tag(const VLANTag &tag) {
    _tag = tag;
    StringAccum sa;
    sa << tag.unparse_arguments(vlan_flags);
    if (_type != ETHERTYPE_8021Q)
        sa << ", ETHERTYPE " << _type;
    router()->set_econfiguration(eindex(), sa.take_string());
    return 0;
}

void VLANEncap::add_handlers() {
    VLANHandlers<VLANEncap>::add(this);
    add_data_handlers("ethertype", Handler::f_read, &_type);
    add_write_handler("ethertype", reconfigure_keyword_handler, "ETHERTYPE");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(VLANEncap)
