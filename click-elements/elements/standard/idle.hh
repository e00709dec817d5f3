#ifndef CLICK_IDLE_HH
#define CLICK_IDLE_HH
#include <click/element.hh>
#include <click/notifier.hh>
CLICK_DECLS

/*
=c
Idle
=s sources
discards packets, never produces any
=d
Any number of inputs and outputs of either kind. Pushed packets are dropped; its inputs are never pulled and
its outputs never give a packet.
=a Discard, Null
*/
class Idle : public Element { public:
    const char *class_name() const override { return "Idle"; }
    const char *port_count() const override { return "-/-"; }
    const char *processing() const override { return "a/a"; }
    const char *flow_code() const override { return "x/y"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void *port_cast(bool isoutput, int port, const char *name) override;
    void push(int, Packet *p) override { p->kill(); }
    Packet *pull(int) override { return nullptr; }

  private:
    ActiveNotifier _notifier;
};

CLICK_ENDDECLS
#endif
