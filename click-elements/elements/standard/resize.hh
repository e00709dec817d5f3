#ifndef CLICK_RESIZE_HH
#define CLICK_RESIZE_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Resize(HEAD, TAIL)
=s basicmod
adds bytes in front of packets and behind them, or takes them away
=d
Positive numbers add so many bytes (of value 0), negative ones remove as many as there are.
=h head read/write
=h tail read/write
=a Strip, Unstrip, Truncate, Pad
*/
class Resize : public SimpleElement<Resize> { public:
    const char *class_name() const override { return "Resize"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *flags() const override { return "S0"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    int _head = 0, _tail = 0;
};

CLICK_ENDDECLS
#endif
