#ifndef CLICK_MARKIPCE_HH
#define CLICK_MARKIPCE_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

/*
=c
MarkIPCE([FORCE])
=s ip
sets the ECN field of IP packets to Congestion Experienced
=d
Packets that are not ECN-capable (field 0) are dropped, unless FORCE is true. The checksum is updated.
=h drops read-only
=a SetIPECN
*/
class MarkIPCE : public SimpleElement<MarkIPCE> { public:
    const char *class_name() const override { return "MarkIPCE"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_p("FORCE", _force).complete(); }
    void add_handlers() override { add_data_handlers("drops", Handler::f_read, &_drops); }
    Packet *simple_action(Packet *p) override {
        const click_ip *ip = ip_whole_header(p);
        if (!ip || (!(ip->ip_tos & 3) && !_force)) {
            ++_drops;
            p->kill();
            return nullptr;
        }
        return (ip->ip_tos & 3) == 3 ? p : ip_set_tos(p, ip->ip_tos | 3);
    }

  private:
    bool _force = false;
    uint64_t _drops = 0;
};

CLICK_ENDDECLS
#endif
