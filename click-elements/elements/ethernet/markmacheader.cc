#include <click/config.h>
#include "markmacheader.hh"
EXPORT_ELEMENT(MarkMACHeader)
