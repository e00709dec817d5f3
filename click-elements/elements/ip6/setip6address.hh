#ifndef CLICK_SETIP6ADDRESS_HH
#define CLICK_SETIP6ADDRESS_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include "ip6packet.hh"
CLICK_DECLS

/*
=c
SetIP6Address(IPADDR)
=s ip6
sets the IPv6 destination annotation: the next hop, for IP6NDSolicitor
=a GetIP6Address, IP6NDSolicitor
*/
class SetIP6Address : public SimpleElement<SetIP6Address> { public:
    const char *class_name() const override { return "SetIP6Address"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("IPADDR", _address).complete(); }
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *p) override { set_dst_ip6_anno(p, _address); return p; }

  private:
    IP6Address _address;
};

CLICK_ENDDECLS
#endif
