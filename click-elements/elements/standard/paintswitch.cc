#include <click/config.h>
#include "paintswitch.hh"
EXPORT_ELEMENT(PaintSwitch)
