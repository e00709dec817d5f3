#ifndef CLICK_SIMPLEROUNDROBINSCHED_HH
#define CLICK_SIMPLEROUNDROBINSCHED_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
SimpleRoundRobinSched
=s scheduling
RoundRobinSched that tries all its inputs, also those known to be empty
=a RoundRobinSched
*/
class SimpleRoundRobinSched : public Element { public:
    const char *class_name() const override { return "SimpleRoundRobinSched"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    const char *flags() const override { return "S0"; }
    Packet *pull(int) override;

  private:
    int _next = 0;
};

CLICK_ENDDECLS
#endif
