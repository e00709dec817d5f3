#include <click/config.h>
#include "bandwidthshaper.hh"
ELEMENT_REQUIRES(Shaper)
EXPORT_ELEMENT(BandwidthShaper)
