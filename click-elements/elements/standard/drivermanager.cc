#include <click/config.h>
#include "drivermanager.hh"
ELEMENT_REQUIRES(Script)
EXPORT_ELEMENT(DriverManager)
