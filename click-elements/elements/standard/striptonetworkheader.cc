#include <click/config.h>
#include "striptonetworkheader.hh"
EXPORT_ELEMENT(StripToNetworkHeader)
