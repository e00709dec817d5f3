#include <click/config.h>
#include "staticswitch.hh"
EXPORT_ELEMENT(StaticSwitch)
