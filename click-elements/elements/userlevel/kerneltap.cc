#include <click/config.h>
#include "kerneltap.hh"
CLICK_DECLS
CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel KernelTun)
EXPORT_ELEMENT(KernelTap)
