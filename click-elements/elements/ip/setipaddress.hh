#ifndef CLICK_SETIPADDRESS_HH
#define CLICK_SETIPADDRESS_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/error.hh>
#include <click/ipaddress.hh>
CLICK_DECLS

/*
=c
SetIPAddress(ADDRESS)
=s ip
sets the destination address annotation: the next hop, for ARPQuerier
=a ARPQuerier
*/
class SetIPAddress : public SimpleElement<SetIPAddress> { public:
    const char *class_name() const override { return "SetIPAddress"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("IPADDR", _address).complete(); }
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *p) override { p->set_dst_ip_anno(_address); return p; }

  private:
    IPAddress _address;
};

CLICK_ENDDECLS
#endif
