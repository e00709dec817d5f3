#ifndef CLICK_STOREIPADDRESS_HH
#define CLICK_STOREIPADDRESS_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
StoreIPAddress(OFFSET)
StoreIPAddress(ADDR, OFFSET)
=s ip
writes an address into the packet
=d
ADDR, or without one the destination address annotation unless that is 0, goes to the four bytes at OFFSET; no checksum is changed. With
OFFSET C<src> or C<dst> it goes to the IP header, and the checksums of IP, TCP and UDP are updated. Packets in which there is no such place
leave on output 1, or are dropped.
=a GetIPAddress, SetIPAddress, IPRewriter
*/
class StoreIPAddress : public SimpleElement<StoreIPAddress> { public:
    const char *class_name() const override { return "StoreIPAddress"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *simple_action(Packet *) override;

  private:
    enum : uint32_t { ip_src = 0x80000000U, ip_dst };
    IPAddress _address;
    uint32_t _offset = 0;
    bool _use_anno = true;
};

CLICK_ENDDECLS
#endif
