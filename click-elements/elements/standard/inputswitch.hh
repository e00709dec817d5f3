#ifndef CLICK_INPUTSWITCH_HH
#define CLICK_INPUTSWITCH_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
InputSwitch([INPUT])
=s classification
accepts packets from one input only, set by a handler
=d
INPUT is 0 by default; -1 accepts none. What comes on the others is dropped.
=h switch read/write
=a Switch, PullSwitch
*/
class InputSwitch : public BatchElement { public:
    const char *class_name() const override { return "InputSwitch"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    void push(int port, Packet *p) override { port == _input ? output(0).push(p) : p->kill(); }
    void push_batch(int port, PacketBatch *b) override { port == _input ? output(0).push_batch(b) : b->kill(); }

  private:
    int _input = 0;
    static String read(Element *e, void *) { return String(static_cast<InputSwitch *>(e)->_input); }
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
