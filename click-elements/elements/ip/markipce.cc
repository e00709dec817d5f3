#include <click/config.h>
#include "markipce.hh"
EXPORT_ELEMENT(MarkIPCE)
