#ifndef CLICK_SETETHERADDRESS_HH
#define CLICK_SETETHERADDRESS_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
CLICK_DECLS

/*
=c
SetEtherAddress(ADDR, ANNO)
=s ethernet
sets an annotation to an Ethernet address
=d
ANNO is where in the annotations the six bytes go.
=h addr read/write
=a GetEtherAddress, StoreEtherAddress
*/
class SetEtherAddress : public SimpleElement<SetEtherAddress> { public:
    const char *class_name() const override { return "SetEtherAddress"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override {
        return Args(conf, this, errh).read_mp("ADDR", _address).read_mp("ANNO", AnnoArg(6), _anno).complete();
    }
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override {
        add_data_handlers("addr", Handler::f_read, &_address);
        add_write_handler("addr", reconfigure_keyword_handler, "0 ADDR");
    }
    Packet *simple_action(Packet *p) override {
        memcpy(static_cast<unsigned char *>(p->anno()) + (uint16_t) _anno, _address.data(), 6);
        return p;
    }

  private:
    EtherAddress _address;
    int _anno = 0;
};

CLICK_ENDDECLS
#endif
