#include <click/config.h>
#include "radixiplookup.hh"
CLICK_DECLS

static const uint8_t levels[] = {8, 8, 4, 4, 4, 4, 0};
RadixIPLookup::RadixIPLookup() : IPRouteTable(levels) {}

CLICK_ENDDECLS
ELEMENT_REQUIRES(IPRouteTable)
EXPORT_ELEMENT(RadixIPLookup)
