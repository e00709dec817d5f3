#include <click/config.h>
#include "iprewriter.hh"
ELEMENT_REQUIRES(IPRewriterBase)
EXPORT_ELEMENT(IPRewriter)
