#include <click/config.h>
#include "getip6address.hh"
EXPORT_ELEMENT(GetIP6Address)
