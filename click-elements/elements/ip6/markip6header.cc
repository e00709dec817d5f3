#include <click/config.h>
#include "markip6header.hh"
EXPORT_ELEMENT(MarkIP6Header)
