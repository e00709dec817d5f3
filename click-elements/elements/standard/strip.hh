#ifndef CLICK_STRIP_HH
#define CLICK_STRIP_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/error.hh>
CLICK_DECLS

/*
=c
Strip(LENGTH)
=s basicmod
removes LENGTH bytes from the front of packets
=a Unstrip
*/
class Strip : public SimpleElement<Strip> { public:
    const char *class_name() const override { return "Strip"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("LENGTH", _length).complete(); }
    Packet *simple_action(Packet *p) override { p->pull(_length); return p; }

  private:
    unsigned _length = 0;
};

CLICK_ENDDECLS
#endif
