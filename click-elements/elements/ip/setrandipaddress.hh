#ifndef CLICK_SETRANDIPADDRESS_HH
#define CLICK_SETRANDIPADDRESS_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetRandIPAddress(PREFIX [, LIMIT])
=s ip
sets the destination address annotation to random addresses
=d
Of PREFIX; with LIMIT (-1: none), at most so many different ones.
=a SetIPAddress, StoreIPAddress
*/
class SetRandIPAddress : public SimpleElement<SetRandIPAddress> { public:
    const char *class_name() const override { return "SetRandIPAddress"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *simple_action(Packet *) override;

  private:
    IPAddress _addr, _mask;
    int _limit = -1;
    Vector<IPAddress> _chosen;
    IPAddress pick() const { return IPAddress((_addr & _mask).addr() | (click_random() & ~_mask.addr())); }
};

CLICK_ENDDECLS
#endif
