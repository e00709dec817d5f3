#include <click/config.h>
#include "ethervlanencap.hh"
#include <click/router.hh>
#include <click/straccum.hh>
#include <clicknet/ether.h>
CLICK_DECLS

int EtherVLANEncap::configure(Vector<String> &conf, ErrorHandler *errh) {
    VLANTag tag;
    Args args(conf, this, errh);
    args.read_mp("ETHERTYPE", _type).read_mp("SRC", _src).read_mp("DST", _dst);
    if (VLANTag::read(args, tag, vlan_flags).complete() < 0)
        return -1;
    _tag = tag;
    return 0;
}

Packet *EtherVLANEncap::simple_action(Packet *p) {
    uint16_t tci = _tag.of(p);
    bool tagged = !_tag.is_native(tci);
    WritablePacket *q = p->push_mac_header(tagged ? sizeof(click_ether_vlan) : sizeof(click_ether));
    if (!q)
        return nullptr;
    click_ether_vlan *e = reinterpret_cast<click_ether_vlan *>(q->data());
    memcpy(e->ether_dhost, _dst.data(), 6);
    memcpy(e->ether_shost, _src.data(), 6);
    e->ether_vlan_proto = htons(tagged ? ETHERTYPE_8021Q : _type);
    if (tagged)
        e->ether_vlan_tci = htons(tci), e->ether_vlan_encap_proto = htons(_type);
    return q;
}

int EtherVLANEncap::set_tag(const VLANTag &tag) {
    _tag = tag;
    StringAccum sa;
    sa << _type << ", " << _src << ", " << _dst << ", " << tag.unparse_arguments(vlan_flags);
    router()->set_econfiguration(eindex(), sa.take_string());
    return 0;
}

void EtherVLANEncap::add_handlers() {
    add_data_handlers("src", Handler::f_read, &_src);
    add_data_handlers("dst", Handler::f_read, &_dst);
    add_data_handlers("ethertype", Handler::f_read, &_type);
    add_write_handler("ethertype", reconfigure_keyword_handler, "0 ETHERTYPE");
    add_write_handler("src", reconfigure_keyword_handler, "1 SRC");
    add_write_handler("dst", reconfigure_keyword_handler, "2 DST");
    VLANHandlers<EtherVLANEncap>::add(this);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(EtherVLANEncap EtherVLANEncap-EtherVlanEncap)
