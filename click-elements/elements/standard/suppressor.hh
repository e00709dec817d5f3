#ifndef CLICK_SUPPRESSOR_HH
#define CLICK_SUPPRESSOR_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Suppressor
=s classification
passes packets from each input to the output of the same number, if that is not suppressed
=d
What is pushed on a suppressed port is dropped; pulls on it give nothing. All ports begin active.
=h active0, active1, ... read/write
=h reset write-only
Makes all ports active.
=a Switch
*/
class Suppressor : public BatchElement { public:
    const char *class_name() const override { return "Suppressor"; }
    const char *port_count() const override { return "-/="; }
    const char *flow_code() const override { return "#/#"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    void push(int port, Packet *p) override { _active[port] ? output(port).push(p) : p->kill(); }
    void push_batch(int port, PacketBatch *b) override { _active[port] ? output(port).push_batch(b) : b->kill(); }
    Packet *pull(int port) override { return _active[port] ? input(port).pull() : nullptr; }
    PacketBatch *pull_batch(int port, unsigned max) override { return _active[port] ? input(port).pull_batch(max) : nullptr; }

  private:
    Vector<char> _active;
    static String read(Element *e, void *port) { return String(static_cast<Suppressor *>(e)->_active[(int) (uintptr_t) port] != 0); }
    static int write(const String &, Element *, void *, ErrorHandler *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
