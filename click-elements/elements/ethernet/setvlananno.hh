#ifndef CLICK_SETVLANANNO_HH
#define CLICK_SETVLANANNO_HH
#include <click/batchelement.hh>
#include "vlantci.hh"
CLICK_DECLS

/*
=c
SetVLANAnno(VLAN_TCI [, VLAN_PCP], VLAN_ID)
=s ethernet
sets the VLAN annotation
=d
The annotation becomes VLAN_TCI, or is put together from VLAN_ID (0 to 4095) and VLAN_PCP (0 to 7).
=h vlan_tci read/write
=h vlan_id read/write
=h vlan_pcp read/write
=a EtherVLANEncap, VLANEncap
*/
class SetVLANAnno : public SimpleElement<SetVLANAnno> { public:
    const char *class_name() const override { return "SetVLANAnno"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { VLANHandlers<SetVLANAnno>::add(this); }
    Packet *simple_action(Packet *p) override {
        SET_VLAN_TCI_ANNO(p, htons((uint16_t) _tag.tci));
        return p;
    }

    enum { vlan_flags = 0 };
    const VLANTag &tag() const { return _tag; }
    int set_tag(const VLANTag &);

  private:
    VLANTag _tag;
};

CLICK_ENDDECLS
#endif
