#ifndef CLICK_PAINTSWITCH_HH
#define CLICK_PAINTSWITCH_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/error.hh>
CLICK_DECLS

/*
=c
PaintSwitch([ANNO])
=s paint
sends packets to the output that their paint annotation names
=d
Packets whose colour is no output are dropped.
=a Paint, Switch
*/
class PaintSwitch : public ClassifyElement<PaintSwitch> { public:
    const char *class_name() const override { return "PaintSwitch"; }
    const char *port_count() const override { return "1/1-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_p("ANNO", AnnoArg(1), _anno).complete(); }
    int classify(Packet *p) { return p->anno_u8(_anno & 0xFF); }

  private:
    int _anno = 16;
};

CLICK_ENDDECLS
#endif
