#include <click/config.h>
#include "lineariplookup.hh"
ELEMENT_REQUIRES(IPRouteTable)
EXPORT_ELEMENT(LinearIPLookup)
