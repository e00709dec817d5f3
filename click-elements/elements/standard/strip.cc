#include <click/config.h>
#include "strip.hh"
EXPORT_ELEMENT(Strip)
