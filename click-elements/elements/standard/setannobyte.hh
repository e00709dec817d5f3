#ifndef CLICK_SETANNOBYTE_HH
#define CLICK_SETANNOBYTE_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetAnnoByte(ANNO, VALUE)
=s annotations
sets a byte of packets' annotations
=d
Paint(VALUE, ANNO) is the same and preferred.
=h anno read-only
=h value read/write
=a Paint
*/
class SetAnnoByte : public SimpleElement<SetAnnoByte> { public:
    const char *class_name() const override { return "SetAnnoByte"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *p) override { p->set_anno_u8(_anno & 0xFF, _value); return p; }

  private:
    uint8_t _value = 0;
    int _anno = 0;
    static String read_anno(Element *e, void *) { return String(static_cast<SetAnnoByte *>(e)->_anno & 0xFF); }
};

CLICK_ENDDECLS
#endif
