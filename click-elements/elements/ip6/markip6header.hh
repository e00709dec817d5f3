#ifndef CLICK_MARKIP6HEADER_HH
#define CLICK_MARKIP6HEADER_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <clicknet/ip6.h>
CLICK_DECLS

/*
=c
MarkIP6Header([OFFSET])
=s ip6
sets the network header annotation
=d
The IPv6 header begins OFFSET (0) bytes into the packet. It is not checked; packets too short for one stay as they are.
=a CheckIP6Header
*/
class MarkIP6Header : public SimpleElement<MarkIP6Header> { public:
    const char *class_name() const override { return "MarkIP6Header"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_p("OFFSET", _offset).complete(); }
    Packet *simple_action(Packet *p) override {
        if (p->length() >= sizeof(click_ip6) && p->length() - sizeof(click_ip6) >= _offset)
            p->set_network_header(p->data() + _offset, sizeof(click_ip6));
        return p;
    }

  private:
    unsigned _offset = 0;
};

CLICK_ENDDECLS
#endif
