#include <click/config.h>
#include "roundrobinswitch.hh"
EXPORT_ELEMENT(RoundRobinSwitch)
