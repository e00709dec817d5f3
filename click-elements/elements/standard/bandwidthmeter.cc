#include <click/config.h>
#include "bandwidthmeter.hh"
ELEMENT_REQUIRES(Meter)
EXPORT_ELEMENT(BandwidthMeter)
