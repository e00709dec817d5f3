#ifndef CLICK_SIMPLEPULLSWITCH_HH
#define CLICK_SIMPLEPULLSWITCH_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SimplePullSwitch([INPUT])
=s scheduling
lets packets be pulled from one input, set by a handler
=d
INPUT is 0 by default; -1 gives nothing. What pulls sleeps only while all inputs are known to be empty; PullSwitch does better.
=h switch read/write
=a PullSwitch, StaticPullSwitch, Switch
*/
class SimplePullSwitch : public BatchElement { public:
    const char *class_name() const override { return "SimplePullSwitch"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *pull(int) override { return _input >= 0 ? input(_input).pull() : nullptr; }
    PacketBatch *pull_batch(int, unsigned max) override { return _input >= 0 ? input(_input).pull_batch(max) : nullptr; }

  protected:
    int _input = 0;
    virtual void set_input(int in) { _input = in < ninputs() ? in : -1; }

  private:
    static String read(Element *e, void *) { return String(static_cast<SimplePullSwitch *>(e)->_input); }
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
