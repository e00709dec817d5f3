#ifndef CLICK_STANDARD_ERRORELEMENT_HH
#define CLICK_STANDARD_ERRORELEMENT_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
Error([MESSAGE])
=s information
never works
=d
Takes any arguments and ports and fails to be configured, with MESSAGE if one is given.
*/
class ErrorElement : public Element { public:
    const char *class_name() const override { return "Error"; }
    const char *port_count() const override { return "-/-"; }
    const char *flow_code() const override { return "x/y"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
};

CLICK_ENDDECLS
#endif
