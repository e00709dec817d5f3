#include <click/config.h>
#include "bwratedunqueue.hh"
ELEMENT_REQUIRES(RatedUnqueue)
EXPORT_ELEMENT(BandwidthRatedUnqueue)
