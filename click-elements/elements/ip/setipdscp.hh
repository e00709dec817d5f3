#ifndef CLICK_SETIPDSCP_HH
#define CLICK_SETIPDSCP_HH
#include <click/batchelement.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

/*
=c
SetIPDSCP(DSCP)
=s ip
sets the DSCP of IP packets
=d
DSCP (0 to 63) are the upper six bits of the TOS byte. The checksum is updated. Packets without a whole IP header pass unchanged.
=h dscp read/write
=a SetIPECN
*/
class SetIPDSCP : public SimpleElement<SetIPDSCP> { public:
    const char *class_name() const override { return "SetIPDSCP"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *p) override {
        const click_ip *ip = ip_whole_header(p);
        return ip ? ip_set_tos(p, (uint8_t) ((ip->ip_tos & 3) | _dscp << 2)) : p;
    }

  private:
    uint8_t _dscp = 0;
};

CLICK_ENDDECLS
#endif
