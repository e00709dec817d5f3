#ifndef CLICK_ENSUREETHER_HH
#define CLICK_ENSUREETHER_HH
#include <click/batchelement.hh>
#include <clicknet/ether.h>
CLICK_DECLS

/*
=c
EnsureEther([ETHERTYPE, SRC, DST])
=s ethernet
sees to it that IP packets are in Ethernet frames
=d
Packets without network header annotation pass as they are. Where the 14 bytes before the network header are an Ethernet
header of type IP or IPv6, the packet is made to begin there; they must be in the packet, or be marked as its MAC
header. Other packets lose what is before the network header and get the header given (0x0800, 1:1:1:1:1:1, 2:2:2:2:2:2).
=a EtherEncap, EtherRewrite, MarkMACHeader
*/
class EnsureEther : public SimpleElement<EnsureEther> { public:
    EnsureEther();
    const char *class_name() const override { return "EnsureEther"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *simple_action(Packet *) override;

  private:
    click_ether _header;
};

CLICK_ENDDECLS
#endif
