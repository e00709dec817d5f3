#include <click/config.h>
#include "icmppingrewriter.hh"
ELEMENT_REQUIRES(IPRewriterBase)
EXPORT_ELEMENT(ICMPPingRewriter)
