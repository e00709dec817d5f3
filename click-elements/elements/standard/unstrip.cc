#include <click/config.h>
#include "unstrip.hh"
EXPORT_ELEMENT(Unstrip)
