#ifndef CLICK_VLANENCAP_HH
#define CLICK_VLANENCAP_HH
#include <click/batchelement.hh>
#include <clicknet/ether.h>
#include "vlantci.hh"
CLICK_DECLS

/*
=c
VLANEncap([VLAN_TCI, VLAN_PCP], VLAN_ID, NATIVE_VLAN, ETHERTYPE)
=s ethernet
puts an 802.1Q tag into Ethernet frames
=d
The tag is VLAN_TCI, or VLAN_ID (0 to 4095) and VLAN_PCP (0 to 7); with VLAN_TCI C<ANNO> it is each packet's VLAN annotation.
Where the VLAN is NATIVE_VLAN (0; -1 for none), frames pass as they are. ETHERTYPE (0x8100) is the tag's type: 0x88a8 for
802.1ad. What is too short for two addresses is dropped.
=h vlan_tci read/write
=h vlan_id read/write
=h vlan_pcp read/write
=h native_vlan read/write
=h ethertype read/write
=a VLANDecap, EtherVLANEncap, SetVLANAnno
*/
class VLANEncap : public SimpleElement<VLANEncap> { public:
    const char *class_name() const override { return "VLANEncap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

    enum { vlan_flags = VLANTag::allow_anno | VLANTag::has_native };
    const VLANTag &tag() const { return _tag; }
    int set_tag(const VLANTag &);

  private:
    uint16_t _type = ETHERTYPE_8021Q;       // in host order
    VLANTag _tag;
};

CLICK_ENDDECLS
#endif
