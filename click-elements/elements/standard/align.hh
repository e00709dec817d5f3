#ifndef CLICK_ALIGN_HH
#define CLICK_ALIGN_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Align(MODULUS, OFFSET)
=s basicmod
moves packets' bytes so that their address has OFFSET as remainder by MODULUS
=d
MODULUS is 2, 4 or 8.
=a AlignmentInfo
*/
class Align : public SimpleElement<Align> { public:
    const char *class_name() const override { return "Align"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *simple_action(Packet *) override;

  private:
    unsigned _mask = 0, _offset = 0;
};

CLICK_ENDDECLS
#endif
