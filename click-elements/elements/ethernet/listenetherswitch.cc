#include <click/config.h>
#include "listenetherswitch.hh"
EXPORT_ELEMENT(ListenEtherSwitch)
