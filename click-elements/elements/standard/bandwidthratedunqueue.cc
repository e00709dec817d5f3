#include <click/config.h>
#include "bandwidthratedunqueue.hh"
ELEMENT_REQUIRES(RatedUnqueue)
EXPORT_ELEMENT(BandwidthRatedUnqueue)
