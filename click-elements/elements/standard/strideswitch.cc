#include <click/config.h>
#include "strideswitch.hh"
EXPORT_ELEMENT(StrideSwitch)
