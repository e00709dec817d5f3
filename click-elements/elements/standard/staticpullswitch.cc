#include <click/config.h>
#include "staticpullswitch.hh"
EXPORT_ELEMENT(StaticPullSwitch)
