#ifndef CLICK_SIMPLEIDLE_HH
#define CLICK_SIMPLEIDLE_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
SimpleIdle
=s basicsources
Idle that does not tell what pulls from it that it never has a packet
=a Idle
*/
class SimpleIdle : public Element { public:
    const char *class_name() const override { return "SimpleIdle"; }
    const char *port_count() const override { return "-/-"; }
    const char *processing() const override { return "a/a"; }
    const char *flow_code() const override { return "x/y"; }
    void push(int, Packet *p) override { p->kill(); }
    Packet *pull(int) override { return nullptr; }
};

CLICK_ENDDECLS
#endif
