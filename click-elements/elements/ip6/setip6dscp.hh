#ifndef CLICK_SETIP6DSCP_HH
#define CLICK_SETIP6DSCP_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetIP6DSCP(DSCP)
=s ip6
sets the Differentiated Services code point of IPv6 packets
=d
DSCP is 0 to 63: the upper six bits of the traffic class.
=h dscp read/write
*/
class SetIP6DSCP : public SimpleElement<SetIP6DSCP> { public:
    const char *class_name() const override { return "SetIP6DSCP"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    unsigned _dscp = 0;
};

CLICK_ENDDECLS
#endif
