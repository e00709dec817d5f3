#include <click/config.h>
#include "rrswitch.hh"
EXPORT_ELEMENT(RoundRobinSwitch)
