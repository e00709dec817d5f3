#include <click/config.h>
#include "randomswitch.hh"
EXPORT_ELEMENT(RandomSwitch)
