#ifndef CLICK_CHECKLENGTH_HH
#define CLICK_CHECKLENGTH_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
CheckLength(LENGTH [, EXTRA_LENGTH])
=s classification
lets packets of at most LENGTH bytes pass
=d
Longer ones leave on output 1, or are dropped if there is none. With EXTRA_LENGTH true, the extra-length annotation counts too.
=h length read/write
=a Truncate
*/
class CheckLength : public SimpleElement<CheckLength> { public:
    const char *class_name() const override { return "CheckLength"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_data_handlers("length", Handler::f_read | Handler::f_write, &_length); }
    Packet *simple_action(Packet *) override;

  private:
    uint32_t _length = 0;
    bool _extra = false;
};

CLICK_ENDDECLS
#endif
