#ifndef CLICK_PRINT_HH
#define CLICK_PRINT_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Print([LABEL, MAXLENGTH, CONTENTS HEX|ASCII|NONE, TIMESTAMP, PRINTANNO, ACTIVE])
=s analysis
prints packet contents
=d
One line a packet on standard error: `LABEL:   60 | 00010203 ...`, up to MAXLENGTH (24) bytes; -1 means all.
=h active read/write
=h config read/write
*/
class Print : public SimpleElement<Print> { public:
    const char *class_name() const override { return "Print"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active); }
    Packet *simple_action(Packet *) override;

  private:
    enum { c_none, c_hex, c_ascii };
    String _label;
    int _max = 24, _contents = c_hex;
    bool _active = true, _timestamp = false, _anno = false;
};

CLICK_ENDDECLS
#endif
