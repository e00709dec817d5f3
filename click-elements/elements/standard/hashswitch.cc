#include <click/config.h>
#include "hashswitch.hh"
EXPORT_ELEMENT(HashSwitch)
