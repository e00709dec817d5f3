#include <click/config.h>
#include "ratedsplitter.hh"
CLICK_DECLS

void RatedSplitter::add_handlers() {
    add_read_handler("rate", read, 0);
    add_write_handler("rate", reconfigure_keyword_handler, "0 RATE");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RatedSplitter)
