#include <click/config.h>
#include "bwratedsplitter.hh"
ELEMENT_REQUIRES(RatedSplitter)
EXPORT_ELEMENT(BandwidthRatedSplitter)
