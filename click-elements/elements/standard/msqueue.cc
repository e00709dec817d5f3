#include <click/config.h>
#include "msqueue.hh"
ELEMENT_REQUIRES(ThreadSafeQueue)
EXPORT_ELEMENT(MSQueue)
