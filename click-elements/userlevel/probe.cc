// `lclick --probe-fastpath`: can this lclick, as this user and on this kernel, have programs for GTPFastPath? Nothing is attached.
#include <click/config.h>
#include "driver.hh"
#include "elements/gtp/gtpfastkernel.hh"
CLICK_DECLS

int click_probe_fast_path() {
    GTPFastKernel k;
    String why;
    const bool good = k.load(16, &why);
    puts(good ? "yes" : ("no: " + why).c_str());
    return good ? 0 : 1;
}

CLICK_ENDDECLS
