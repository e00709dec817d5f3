#ifndef CLICK_FIXIPSRC_HH
#define CLICK_FIXIPSRC_HH
#include <click/args.hh>
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
FixIPSrc(IPADDR)
=s ip
sets the source address of packets that ask for it
=d
Packets whose Fix IP Source annotation is set, as ICMPError does, get IPADDR, the address of the interface they leave by, as
their source, and the annotation is cleared. Others pass unchanged.
=a ICMPError
*/
class FixIPSrc : public SimpleElement<FixIPSrc> { public:
    const char *class_name() const override { return "FixIPSrc"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("IPADDR", _address).complete(); }
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *) override;

  private:
    IPAddress _address;
};

CLICK_ENDDECLS
#endif
