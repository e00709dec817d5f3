#ifndef CLICK_CHECKPAINT_HH
#define CLICK_CHECKPAINT_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
CheckPaint(COLOR [, ANNO])
=s paint
lets packets of one paint pass
=d
Packets whose paint annotation (or the one-byte annotation ANNO) is not COLOR leave on output 1, or are dropped if there is none.
=h color read/write
=a Paint, PaintTee, PaintSwitch
*/
class CheckPaint : public SimpleElement<CheckPaint> { public:
    const char *class_name() const override { return "CheckPaint"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_data_handlers("color", Handler::f_read | Handler::f_write, &_color); }
    Packet *simple_action(Packet *p) override {
        if (p->anno_u8(_anno & 0xFF) == _color) return p;
        checked_output_push(1, p);
        return nullptr;
    }

  private:
    uint8_t _color = 0;
    int _anno = 16;
};

CLICK_ENDDECLS
#endif
