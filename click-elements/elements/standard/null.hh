#ifndef CLICK_NULL_HH
#define CLICK_NULL_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
Null
=s basicmod
passes packets unchanged
=a Idle, Discard
*/
class Null : public Element { public:
    const char *class_name() const override { return "Null"; }
    const char *port_count() const override { return PORTS_1_1; }
};

CLICK_ENDDECLS
#endif
