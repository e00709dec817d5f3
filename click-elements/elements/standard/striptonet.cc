#include <click/config.h>
#include "striptonet.hh"
EXPORT_ELEMENT(StripToNetworkHeader)
