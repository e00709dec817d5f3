#ifndef CLICK_STRIPETHERVLANHEADER_HH
#define CLICK_STRIPETHERVLANHEADER_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
StripEtherVLANHeader([NATIVE_VLAN])
=s ethernet
removes Ethernet headers with or without an 802.1Q tag
=d
Frames of type 0x8100 lose 18 bytes, and their VLAN annotation becomes their tag; others lose 14, and the annotation becomes
NATIVE_VLAN (0). If NATIVE_VLAN is negative, frames without a tag leave on output 1, or are dropped, and so do those that are
shorter than their header in any case.
=a EtherVLANEncap, VLANDecap, Strip
*/
class StripEtherVLANHeader : public SimpleElement<StripEtherVLANHeader> { public:
    const char *class_name() const override { return "StripEtherVLANHeader"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *) override;

  private:
    int _native = 0;
};

CLICK_ENDDECLS
#endif
