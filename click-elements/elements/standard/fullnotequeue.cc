#include <click/config.h>
#include "fullnotequeue.hh"
ELEMENT_REQUIRES(Queue)
EXPORT_ELEMENT(FullNoteQueue)
