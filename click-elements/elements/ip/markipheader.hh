#ifndef CLICK_MARKIPHEADER_HH
#define CLICK_MARKIPHEADER_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/error.hh>
#include <clicknet/ip.h>
CLICK_DECLS

/*
=c
MarkIPHeader([OFFSET])
=s ip
sets the network header annotation
=d
The IP header begins OFFSET (0) bytes into the packet. It is not checked.
=a CheckIPHeader
*/
class MarkIPHeader : public SimpleElement<MarkIPHeader> { public:
    const char *class_name() const override { return "MarkIPHeader"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_p("OFFSET", _offset).complete(); }
    Packet *simple_action(Packet *p) override {
        if (p->length() >= _offset + sizeof(click_ip)) {
            const click_ip *ip = reinterpret_cast<const click_ip *>(p->data() + _offset);
            p->set_ip_header(ip, ip->ip_hl * 4);
        }
        return p;
    }

  private:
    unsigned _offset = 0;
};

CLICK_ENDDECLS
#endif
