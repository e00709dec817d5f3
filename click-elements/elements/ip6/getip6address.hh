#ifndef CLICK_GETIP6ADDRESS_HH
#define CLICK_GETIP6ADDRESS_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include "ip6packet.hh"
CLICK_DECLS

/*
=c
GetIP6Address(OFFSET)
=s ip6
copies 16 bytes at OFFSET to the IPv6 destination annotation
=d
24 is where an IPv6 header has its destination. The annotation of packets too short for it stays as it is.
=a SetIP6Address, LookupIP6Route, IP6NDSolicitor
*/
class GetIP6Address : public SimpleElement<GetIP6Address> { public:
    const char *class_name() const override { return "GetIP6Address"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("OFFSET", _offset).complete(); }
    Packet *simple_action(Packet *p) override {
        if (p->length() >= 16 && p->length() - 16 >= _offset)
            set_dst_ip6_anno(p, IP6Address(p->data() + _offset));
        return p;
    }

  private:
    unsigned _offset = 0;
};

CLICK_ENDDECLS
#endif
