#include <click/config.h>
#include "markipheader.hh"
EXPORT_ELEMENT(MarkIPHeader)
