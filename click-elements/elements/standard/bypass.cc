#include <click/config.h>
#include "bypass.hh"
#include <click/args.hh>
CLICK_DECLS

int Bypass::configure(Vector<String> &conf, ErrorHandler *errh) {
    bool in_line = true;
    return Args(conf, this, errh).read_p("ACTIVE", _active).read("INLINE", in_line).complete();
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Bypass)
