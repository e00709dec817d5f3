#ifndef CLICK_DRIVERMANAGER_HH
#define CLICK_DRIVERMANAGER_HH
#include "elements/standard/script.hh"
CLICK_DECLS

/*
=c
DriverManager(INSTRUCTION, ...)
=s control
a Script that decides when the driver stops
=d
A Script of TYPE DRIVER. When an element, a script or the stop handler asks the driver to stop, the driver goes on and the
script makes a step (two, if it is at a C<wait>) instead; the driver stops when the script ends. So
C<DriverManager(pause, write k.flush, wait 0.1s, stop)> gives the elements a tenth of a second for their last packets. SIGINT
and SIGTERM stop the driver at once. A router has at most one.
=a Script
*/
class DriverManager : public Script { public:
    const char *class_name() const override { return "DriverManager"; }
    const char *port_count() const override { return PORTS_0_0; }
    void *cast(const char *name) override { return strcmp(name, "Script") == 0 ? this : Script::cast(name); }
  protected:
    Type default_type() const override { return t_driver; }
};

CLICK_ENDDECLS
#endif
