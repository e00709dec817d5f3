#ifndef CLICK_HOSTETHERFILTER_HH
#define CLICK_HOSTETHERFILTER_HH
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
CLICK_DECLS

/*
=c
HostEtherFilter(ETHER [, DROP_OWN, DROP_OTHER, OFFSET])
=s ethernet
drops Ethernet frames that are for other machines
=d
Does what the hardware of a device with address ETHER does: sets the packet type annotation (HOST, BROADCAST, MULTICAST or
OTHERHOST) by the destination, OFFSET (0) bytes into the packet, and with DROP_OTHER (true) drops frames for other hosts,
with DROP_OWN (false) those that come from ETHER. What is too short for two addresses is dropped too. Dropped frames leave
on output 1 if there is one.
=h ether read/write
*/
class HostEtherFilter : public SimpleElement<HostEtherFilter> { public:
    const char *class_name() const override { return "HostEtherFilter"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    EtherAddress _mac;
    bool _drop_own = false, _drop_other = true;
    unsigned _offset = 0;
};

CLICK_ENDDECLS
#endif
