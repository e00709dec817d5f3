#ifndef CLICK_KERNELTAP_HH
#define CLICK_KERNELTAP_HH
#include "elements/userlevel/kerneltun.hh"
CLICK_DECLS

/*
=c
KernelTap(ADDR/MASK [, GATEWAY, ETHER, MTU, HEADROOM, BURST, IGNORE_QUEUE_OVERFLOWS, DEVNAME])
=s comm
gives Ethernet frames to the host's kernel and takes them from it
=d
As KernelTun, but the interface is an Ethernet one. ETHER is the host's address at it; by default the kernel chooses one. The
host receives frames to that address, and broadcasts. It sends ARP queries, which somebody must answer:

  tap :: KernelTap(192.0.2.1/24, ETHER 02:00:00:00:00:01) -> c :: Classifier(12/0806 20/0001, 12/0800);
  c[0] -> ARPResponder(0.0.0.0/0 02:00:00:00:00:02) -> tap;
  c[1] -> ... // IP packets

MTU is without the Ethernet header.
=h dev_name read-only
=h packets read-only
=h drops read-only
=h selected_calls read-only
=a KernelTun, ToHost
*/
class KernelTap : public KernelTun { public:
    const char *class_name() const override { return "KernelTap"; }
};

CLICK_ENDDECLS
#endif
