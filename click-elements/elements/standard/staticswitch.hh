#ifndef CLICK_STATICSWITCH_HH
#define CLICK_STATICSWITCH_HH
#include <click/args.hh>
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
StaticSwitch(OUTPUT)
=s classification
sends packets to one output, fixed in the configuration
=d
An OUTPUT that is negative, or that is not there, drops.
=a Switch
*/
class StaticSwitch : public BatchElement { public:
    const char *class_name() const override { return "StaticSwitch"; }
    const char *port_count() const override { return "1/-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("OUTPUT", _output).complete(); }
    void push(int, Packet *p) override { checked_output_push(_output, p); }
    void push_batch(int, PacketBatch *b) override { checked_output_push_batch(_output, b); }

  private:
    int _output = 0;
};

CLICK_ENDDECLS
#endif
