#ifndef CLICK_GETIPADDRESS_HH
#define CLICK_GETIPADDRESS_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
GetIPAddress(OFFSET [, ANNO])
GetIPAddress(IP src|dst [, ANNO])
=s ip
sets the destination address annotation from the packet
=d
Takes the four bytes at OFFSET (16 in an IP header is its destination), or an address of the IP header that the network
header annotation marks, to the annotation ANNO (the destination address's). A packet too short for it gets 0.
=a SetIPAddress, StoreIPAddress, CheckIPHeader
*/
class GetIPAddress : public SimpleElement<GetIPAddress> { public:
    const char *class_name() const override { return "GetIPAddress"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *simple_action(Packet *) override;

  private:
    uint32_t _offset = 0;
    int _anno = 0;
    bool _ip = false;
};

CLICK_ENDDECLS
#endif
