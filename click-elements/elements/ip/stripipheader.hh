#ifndef CLICK_STRIPIPHEADER_HH
#define CLICK_STRIPIPHEADER_HH
#include <click/batchelement.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

/*
=c
StripIPHeader
=s ip
removes the outermost IP header
=d
And what is before it. The annotations stay, so an inner header needs CheckIPHeader or MarkIPHeader. Packets without a whole IP header
pass unchanged.
=a UnstripIPHeader, CheckIPHeader, Strip
*/
class StripIPHeader : public SimpleElement<StripIPHeader> { public:
    const char *class_name() const override { return "StripIPHeader"; }
    const char *port_count() const override { return PORTS_1_1; }
    Packet *simple_action(Packet *p) override {
        if (const click_ip *ip = ip_whole_header(p)) {
            ptrdiff_t n = (const unsigned char *) ip + ip->ip_hl * 4 - p->data();
            if (n > 0) p->pull((uint32_t) n);
        }
        return p;
    }
};

CLICK_ENDDECLS
#endif
