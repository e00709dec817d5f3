#ifndef CLICK_SWITCH_HH
#define CLICK_SWITCH_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Switch([OUTPUT])
=s classification
sends packets to the output set by a handler
=d
OUTPUT is 0 by default; -1 drops.
=h switch read/write
=a Tee, PaintSwitch
*/
class Switch : public BatchElement { public:
    const char *class_name() const override { return "Switch"; }
    const char *port_count() const override { return "1/-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    void push(int, Packet *p) override { checked_output_push(_output, p); }
    void push_batch(int, PacketBatch *b) override { checked_output_push_batch(_output, b); }

  private:
    int _output = 0;
    static String read(Element *e, void *) { return String(static_cast<Switch *>(e)->_output); }
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
