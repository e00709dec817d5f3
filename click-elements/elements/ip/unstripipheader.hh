#ifndef CLICK_UNSTRIPIPHEADER_HH
#define CLICK_UNSTRIPIPHEADER_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
UnstripIPHeader
=s ip
puts back the IP header that was stripped
=d
The one that the network header annotation marks; if the packet begins there or before, it passes unchanged.
=a StripIPHeader, Unstrip
*/
class UnstripIPHeader : public SimpleElement<UnstripIPHeader> { public:
    const char *class_name() const override { return "UnstripIPHeader"; }
    const char *port_count() const override { return PORTS_1_1; }
    Packet *simple_action(Packet *p) override {
        const unsigned char *h = p->network_header();
        return h && h >= p->buffer() && h < p->data() ? p->push((uint32_t) (p->data() - h)) : p;
    }
};

CLICK_ENDDECLS
#endif
