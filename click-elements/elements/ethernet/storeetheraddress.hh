#ifndef CLICK_STOREETHERADDRESS_HH
#define CLICK_STOREETHERADDRESS_HH
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
CLICK_DECLS

/*
=c
StoreEtherAddress(ADDR, OFFSET)
=s ethernet
writes an Ethernet address into packets
=d
OFFSET is a number of bytes, or C<src> (6) or C<dst> (0). Packets in which there is no room leave on output 1, or are dropped.
=h addr read/write
=a GetEtherAddress, SetEtherAddress, EtherRewrite
*/
class StoreEtherAddress : public SimpleElement<StoreEtherAddress> { public:
    const char *class_name() const override { return "StoreEtherAddress"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override { add_data_handlers("addr", Handler::f_read | Handler::f_write, &_address); }
    Packet *simple_action(Packet *) override;

  private:
    EtherAddress _address;
    uint32_t _offset = 0;
};

CLICK_ENDDECLS
#endif
