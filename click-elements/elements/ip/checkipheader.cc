#include <click/config.h>
#include "checkipheader.hh"
EXPORT_ELEMENT(CheckIPHeader)
