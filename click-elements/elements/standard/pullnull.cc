#include <click/config.h>
#include "pullnull.hh"
EXPORT_ELEMENT(PullNull)
