#ifndef CLICK_PAINTTEE_HH
#define CLICK_PAINTTEE_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
PaintTee(COLOR [, ANNO])
=s paint
duplicates packets of one paint
=d
All packets leave on output 0; of those whose paint annotation (or the one-byte annotation ANNO) is COLOR, a copy leaves on output 1, first.
=h color read/write
=a Paint, CheckPaint, PaintSwitch
*/
class PaintTee : public SimpleElement<PaintTee> { public:
    const char *class_name() const override { return "PaintTee"; }
    const char *port_count() const override { return "1/2"; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_data_handlers("color", Handler::f_read | Handler::f_write, &_color); }
    Packet *simple_action(Packet *p) override {
        if (p->anno_u8(_anno & 0xFF) == _color)
            if (Packet *q = p->clone()) output(1).push(q);
        return p;
    }

  private:
    uint8_t _color = 0;
    int _anno = 16;
};

CLICK_ENDDECLS
#endif
