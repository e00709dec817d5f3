#ifndef CLICK_GETETHERADDRESS_HH
#define CLICK_GETETHERADDRESS_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
GetEtherAddress(ANNO, OFFSET)
=s ethernet
copies an Ethernet address from the packet to an annotation
=d
ANNO is where in the annotations the six bytes go; OFFSET is a number of bytes, or C<src> (6) or C<dst> (0). Packets in
which there is no address leave on output 1, or are dropped.
=a SetEtherAddress, StoreEtherAddress
*/
class GetEtherAddress : public SimpleElement<GetEtherAddress> { public:
    const char *class_name() const override { return "GetEtherAddress"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *) override;

  private:
    int _anno = 0;
    uint32_t _offset = 0;
};

CLICK_ENDDECLS
#endif
