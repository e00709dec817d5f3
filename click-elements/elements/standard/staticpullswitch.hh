#ifndef CLICK_STATICPULLSWITCH_HH
#define CLICK_STATICPULLSWITCH_HH
#include <click/args.hh>
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
StaticPullSwitch(INPUT)
=s scheduling
lets packets be pulled from one input, fixed in the configuration
=d
An INPUT that is negative, or that is not there, gives nothing.
=a PullSwitch, StaticSwitch
*/
class StaticPullSwitch : public BatchElement { public:
    const char *class_name() const override { return "StaticPullSwitch"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("INPUT", _input).complete(); }
    Packet *pull(int) override { return there() ? input(_input).pull() : nullptr; }
    PacketBatch *pull_batch(int, unsigned max) override { return there() ? input(_input).pull_batch(max) : nullptr; }

  private:
    int _input = 0;
    bool there() const { return (unsigned) _input < (unsigned) ninputs(); }
};

CLICK_ENDDECLS
#endif
