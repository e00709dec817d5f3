#include <click/config.h>
#include "stripipheader.hh"
EXPORT_ELEMENT(StripIPHeader)
