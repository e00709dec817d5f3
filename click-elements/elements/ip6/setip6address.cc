#include <click/config.h>
#include "setip6address.hh"
EXPORT_ELEMENT(SetIP6Address)
