#ifndef CLICK_IPGWOPTIONS_HH
#define CLICK_IPGWOPTIONS_HH
#include <click/batchelement.hh>
#include "elements/ip/ipoptions.hh"
CLICK_DECLS

/*
=c
IPGWOptions(MYADDR [, OTHERADDRS])
=s ip
processes the IP options that every router must
=d
Record Route and Timestamp. MYADDR is the address of the interface by which the packet leaves; OTHERADDRS, a list, are the router's others, for the
Timestamp option that names routers. The checksum is set anew. Packets with a bad option leave on output 1, or are dropped, with the ICMP Parameter
Problem annotation set to the bad byte's offset, for ICMPError.
=h drops read-only
=a ICMPError, IPOutputCombo
*/
class IPGWOptions : public SimpleElement<IPGWOptions> { public:
    const char *class_name() const override { return "IPGWOptions"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override { add_data_handlers("drops", Handler::f_read, &_drops); }
    Packet *simple_action(Packet *) override;

  private:
    IPRouterOptions _options;
    uint64_t _drops = 0;
};

CLICK_ENDDECLS
#endif
