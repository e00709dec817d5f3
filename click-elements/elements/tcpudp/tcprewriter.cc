#include <click/config.h>
#include "tcprewriter.hh"
ELEMENT_REQUIRES(IPRewriterBase)
EXPORT_ELEMENT(TCPRewriter)
