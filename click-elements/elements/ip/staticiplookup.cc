#include <click/config.h>
#include "staticiplookup.hh"
ELEMENT_REQUIRES(IPRouteTable)
EXPORT_ELEMENT(StaticIPLookup StaticIPLookup-LookupIPRoute)
