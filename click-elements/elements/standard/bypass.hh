#ifndef CLICK_BYPASS_HH
#define CLICK_BYPASS_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Bypass([ACTIVE, INLINE])
=s classification
sends packets through a second path while it is active
=d
While inactive (the default), packets pass from input 0 to output 0. While active, a push Bypass sends them to output 1 and a pull
Bypass pulls them from input 1, if connected. A second push input leads to output 0, a second pull output comes from input 0, so that the second path can
end at the Bypass itself. It never takes itself out of the way, so INLINE changes nothing.
=h active read/write
=a Switch, PullSwitch
*/
class Bypass : public BatchElement { public:
    const char *class_name() const override { return "Bypass"; }
    const char *port_count() const override { return "1-2/1-2"; }
    const char *flow_code() const override { return "xy/[xy]x"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override { add_data_handlers("active", Handler::f_read | Handler::f_write, &_active); }
    void push(int port, Packet *p) override { output(to(port, noutputs())).push(p); }
    void push_batch(int port, PacketBatch *b) override { output(to(port, noutputs())).push_batch(b); }
    Packet *pull(int port) override { return input(to(port, ninputs())).pull(); }
    PacketBatch *pull_batch(int port, unsigned max) override { return input(to(port, ninputs())).pull_batch(max); }

  private:
    bool _active = false;
    int to(int port, int n) const { return port == 0 && _active && n > 1; }
};

CLICK_ENDDECLS
#endif
