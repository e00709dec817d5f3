#ifndef CLICK_SETIPECN_HH
#define CLICK_SETIPECN_HH
#include <click/batchelement.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

/*
=c
SetIPECN(ECN)
=s ip
sets the ECN field of IP packets
=d
ECN is a number from 0 to 3 or a name: C<no> (0), C<ect1> or C<ECT(1)> (1), C<ect2> or C<ECT(0)> (2), C<ce> or C<CE> (3). The checksum is
updated. Packets without a whole IP header pass unchanged.
=h ecn read/write
=a SetIPDSCP, MarkIPCE
*/
class SetIPECN : public SimpleElement<SetIPECN> { public:
    const char *class_name() const override { return "SetIPECN"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *p) override {
        const click_ip *ip = ip_whole_header(p);
        return ip ? ip_set_tos(p, (uint8_t) ((ip->ip_tos & ~3) | _ecn)) : p;
    }

  private:
    uint8_t _ecn = 0;
};

CLICK_ENDDECLS
#endif
