#include <click/config.h>
#include "directiplookup.hh"
CLICK_DECLS

static const uint8_t levels[] = {24, 8, 0};
DirectIPLookup::DirectIPLookup() : IPRouteTable(levels) {}

CLICK_ENDDECLS
ELEMENT_REQUIRES(IPRouteTable)
EXPORT_ELEMENT(DirectIPLookup)
