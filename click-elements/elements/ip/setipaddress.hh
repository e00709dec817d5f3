#ifndef CLICK_SETIPADDRESS_HH
#define CLICK_SETIPADDRESS_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/error.hh>
#include <click/ipaddress.hh>
CLICK_DECLS

/*
=c
SetIPAddress(ADDRESS [, ANNO])
=s ip
sets the destination address annotation: the next hop, for ARPQuerier
=h addr read/write
=a ARPQuerier, GetIPAddress, StoreIPAddress
*/
class SetIPAddress : public SimpleElement<SetIPAddress> { public:
    const char *class_name() const override { return "SetIPAddress"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("IPADDR", _address).read_p("ANNO", AnnoArg(4), _anno).complete(); }
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_data_handlers("addr", Handler::f_read | Handler::f_write, &_address); }
    Packet *simple_action(Packet *p) override { p->set_anno_u32(_anno & 0xFFFF, _address.addr()); return p; }

  private:
    IPAddress _address;
    int _anno = 0;
};

CLICK_ENDDECLS
#endif
