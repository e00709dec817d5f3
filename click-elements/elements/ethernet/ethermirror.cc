#include <click/config.h>
#include "ethermirror.hh"
EXPORT_ELEMENT(EtherMirror)
