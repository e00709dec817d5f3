// `lclick --probe-fastpath`: can this lclick, as this user and on this kernel, have programs for GTPFastPath? Nothing is attached.
#include <click/config.h>
#include "driver.hh"
#include "elements/gtp/gtpfastkernel.hh"
CLICK_DECLS

void click_probe_fast_path() {
    GTPFastKernel k;
    String why;
    puts(k.prepare(16, &why) && k.load(GTPFastKernel::automatic, &why) ? "yes" : ("no: " + why).c_str());
}

CLICK_ENDDECLS
