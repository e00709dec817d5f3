#ifndef CLICK_PAINT_HH
#define CLICK_PAINT_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Paint(COLOR [, ANNO])
=s paint
sets packets' paint annotation to COLOR (0-255)
=h color read/write
=a PaintSwitch
*/
class Paint : public SimpleElement<Paint> { public:
    const char *class_name() const override { return "Paint"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_data_handlers("color", Handler::f_read | Handler::f_write, &_color); }
    Packet *simple_action(Packet *p) override { p->set_anno_u8(_anno & 0xFF, _color); return p; }

  private:
    uint8_t _color = 0;
    int _anno = 16;
};

CLICK_ENDDECLS
#endif
