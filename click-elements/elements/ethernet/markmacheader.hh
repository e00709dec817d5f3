#ifndef CLICK_MARKMACHEADER_HH
#define CLICK_MARKMACHEADER_HH
#include <click/args.hh>
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
MarkMACHeader([OFFSET, LENGTH])
=s ethernet
sets the MAC header annotation
=d
The MAC header begins OFFSET (0) bytes into the packet. If LENGTH is given and not 0, the network header annotation is set
behind that many bytes. Where the packet is too short for it, the annotations stay as they are.
=a MarkIPHeader
*/
class MarkMACHeader : public SimpleElement<MarkMACHeader> { public:
    const char *class_name() const override { return "MarkMACHeader"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override {
        return Args(conf, this, errh).read_p("OFFSET", _offset).read_p("LENGTH", _length).complete();
    }
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *p) override {
        if (_offset <= p->length() && _length <= p->length() - _offset) {
            if (_length) p->set_mac_header(p->data() + _offset, _length);
            else p->set_mac_header(p->data() + _offset);
        }
        return p;
    }

  private:
    unsigned _offset = 0, _length = 0;
};

CLICK_ENDDECLS
#endif
