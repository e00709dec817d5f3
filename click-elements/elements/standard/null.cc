#include <click/config.h>
#include "null.hh"
EXPORT_ELEMENT(Null)
