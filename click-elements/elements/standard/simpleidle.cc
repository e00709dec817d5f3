#include <click/config.h>
#include "simpleidle.hh"
EXPORT_ELEMENT(SimpleIdle)
