#include <click/config.h>
#include "setetheraddress.hh"
EXPORT_ELEMENT(SetEtherAddress)
