#include <click/config.h>
#include "ipinputcombo.hh"
EXPORT_ELEMENT(IPInputCombo)
