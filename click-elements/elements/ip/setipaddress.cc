#include <click/config.h>
#include "setipaddress.hh"
EXPORT_ELEMENT(SetIPAddress)
