#include <click/config.h>
#include "notifierqueue.hh"
ELEMENT_REQUIRES(Queue)
EXPORT_ELEMENT(NotifierQueue)
