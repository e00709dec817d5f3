#include <click/config.h>
#include "pushnull.hh"
EXPORT_ELEMENT(PushNull)
