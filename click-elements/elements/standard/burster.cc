#include <click/config.h>
#include "burster.hh"
ELEMENT_REQUIRES(TimedUnqueue)
EXPORT_ELEMENT(Burster)
