#include <click/config.h>
#include "udprewriter.hh"
ELEMENT_REQUIRES(IPRewriterBase)
EXPORT_ELEMENT(UDPRewriter)
