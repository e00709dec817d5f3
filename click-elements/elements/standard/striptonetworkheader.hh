#ifndef CLICK_STRIPTONETWORKHEADER_HH
#define CLICK_STRIPTONETWORKHEADER_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
StripToNetworkHeader
=s basicmod
strips what precedes the network header
=d
If the network header begins in front of the data, the data begin there again. Packets without network header annotation pass unchanged.
=a Strip, MarkIPHeader
*/
class StripToNetworkHeader : public SimpleElement<StripToNetworkHeader> { public:
    const char *class_name() const override { return "StripToNetworkHeader"; }
    const char *port_count() const override { return PORTS_1_1; }
    Packet *simple_action(Packet *p) override {
        const unsigned char *nh = p->network_header();
        if (!nh || nh < p->buffer() || nh > p->end_data()) return p;
        if (nh < p->data()) return p->nonunique_push((uint32_t) (p->data() - nh));
        p->pull((uint32_t) (nh - p->data()));
        return p;
    }
};

CLICK_ENDDECLS
#endif
