#ifndef CLICK_ARPFAKER_HH
#define CLICK_ARPFAKER_HH
#include <click/element.hh>
#include <click/etheraddress.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
ARPFaker(DSTIP, DSTETH, SRCIP, SRCETH)
=s arp
sends an ARP reply every ten seconds
=d
From the start on: a frame to DSTETH with a reply that tells DSTIP that SRCIP has Ethernet address SRCETH.
=a ARPResponder
*/
class ARPFaker : public Element { public:
    ARPFaker() : _timer(this) {}
    const char *class_name() const override { return "ARPFaker"; }
    const char *port_count() const override { return PORTS_0_1; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void run_timer(Timer *) override;

  private:
    IPAddress _dst_ip, _src_ip;
    EtherAddress _dst, _src;
    Timer _timer;
    enum { interval = 10 };
};

CLICK_ENDDECLS
#endif
