#ifndef CLICK_TRUNCATE_HH
#define CLICK_TRUNCATE_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Truncate(LENGTH [, EXTRA_LENGTH])
=s basicmod
cuts packets to at most LENGTH bytes
=d
The bytes cut are added to the extra-length annotation, unless EXTRA_LENGTH is false.
=h nbytes read/write
=a Pad, Strip
*/
class Truncate : public SimpleElement<Truncate> { public:
    const char *class_name() const override { return "Truncate"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    uint32_t _length = 0;
    bool _extra = true;
};

CLICK_ENDDECLS
#endif
