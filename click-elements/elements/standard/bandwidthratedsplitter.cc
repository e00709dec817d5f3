#include <click/config.h>
#include "bandwidthratedsplitter.hh"
ELEMENT_REQUIRES(RatedSplitter)
EXPORT_ELEMENT(BandwidthRatedSplitter)
