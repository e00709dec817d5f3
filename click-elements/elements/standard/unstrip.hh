#ifndef CLICK_UNSTRIP_HH
#define CLICK_UNSTRIP_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/error.hh>
CLICK_DECLS

/*
=c
Unstrip(LENGTH)
=s basicmod
puts LENGTH bytes, that Strip removed, back in front of packets
=a Strip
*/
class Unstrip : public SimpleElement<Unstrip> { public:
    const char *class_name() const override { return "Unstrip"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("LENGTH", BoundedIntArg(0, 65535), _length).complete(); }
    Packet *simple_action(Packet *p) override { return p->nonunique_push(_length); }

  private:
    unsigned _length = 0;
};

CLICK_ENDDECLS
#endif
