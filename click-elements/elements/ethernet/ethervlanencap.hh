#ifndef CLICK_ETHERVLANENCAP_HH
#define CLICK_ETHERVLANENCAP_HH
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
#include "vlantci.hh"
CLICK_DECLS

/*
=c
EtherVLANEncap(ETHERTYPE, SRC, DST, VLAN_TCI [, VLAN_PCP], VLAN_ID, NATIVE_VLAN)
=s ethernet
puts packets into Ethernet frames with an 802.1Q tag
=d
The tag is VLAN_TCI, or VLAN_ID (0 to 4095) and VLAN_PCP (0 to 7); with VLAN_TCI C<ANNO> it is each packet's VLAN annotation.
Where the VLAN is NATIVE_VLAN (0; -1 for none), the header has no tag. VLANEncap is for what is in a frame already.
=h src read/write
=h dst read/write
=h ethertype read/write
=h vlan_tci read/write
=h vlan_id read/write
=h vlan_pcp read/write
=h native_vlan read/write
=a VLANEncap, StripEtherVLANHeader, SetVLANAnno, EtherEncap
*/
class EtherVLANEncap : public SimpleElement<EtherVLANEncap> { public:
    const char *class_name() const override { return "EtherVLANEncap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

    enum { vlan_flags = VLANTag::allow_anno | VLANTag::has_native };
    const VLANTag &tag() const { return _tag; }
    int set_tag(const VLANTag &);

  private:
    uint16_t _type = 0;       // in host order
    EtherAddress _dst, _src;
    VLANTag _tag;
};

CLICK_ENDDECLS
#endif
