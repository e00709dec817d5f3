#include <click/config.h>
#include "dropbroadcasts.hh"
EXPORT_ELEMENT(DropBroadcasts)
