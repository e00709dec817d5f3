#ifndef CLICK_LISTENETHERSWITCH_HH
#define CLICK_LISTENETHERSWITCH_HH
#include "etherswitch.hh"
CLICK_DECLS

/*
=c
ListenEtherSwitch([TIMEOUT, CAPACITY])
=s ethernet
a learning Ethernet switch with a port to listen on
=d
As EtherSwitch, with one more output than inputs: it gets a copy of every frame.
=h table read-only
=h timeout read/write
=a EtherSwitch
*/
class ListenEtherSwitch : public EtherSwitch { public:
    const char *class_name() const override { return "ListenEtherSwitch"; }
    const char *port_count() const override { return "1-/=+"; }
    const char *flow_code() const override { return COMPLETE_FLOW; }
};

CLICK_ENDDECLS
#endif
