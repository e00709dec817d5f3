#ifndef CLICK_ETHERENCAP_HH
#define CLICK_ETHERENCAP_HH
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
CLICK_DECLS

/*
=c
EtherEncap(ETHERTYPE, SRC, DST)
=s ethernet
puts packets into Ethernet frames
=h src read/write
=h dst read/write
=h ethertype read/write
=h etht read/write
The same.
=a ARPQuerier, Strip
*/
class EtherEncap : public SimpleElement<EtherEncap> { public:
    const char *class_name() const override { return "EtherEncap"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    uint16_t _type = 0;
    EtherAddress _src, _dst;
};

CLICK_ENDDECLS
#endif
