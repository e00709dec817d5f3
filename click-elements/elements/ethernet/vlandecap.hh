#ifndef CLICK_VLANDECAP_HH
#define CLICK_VLANDECAP_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
VLANDecap([ANNO, ETHERTYPE])
=s ethernet
takes the 802.1Q tag out of Ethernet frames
=d
Frames of type ETHERTYPE (0x8100; 0x88a8 for 802.1ad) lose their tag, the outermost if there are several; others pass as
they are. With ANNO (true) the VLAN annotation becomes the tag, 0 where there was none. A frame that ends within its tag
is dropped.
=a VLANEncap, StripEtherVLANHeader
*/
class VLANDecap : public SimpleElement<VLANDecap> { public:
    const char *class_name() const override { return "VLANDecap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *) override;

  private:
    bool _anno = true;
    uint16_t _type = 0;       // in network order
};

CLICK_ENDDECLS
#endif
