#include <click/config.h>
#include "unstripipheader.hh"
EXPORT_ELEMENT(UnstripIPHeader)
