#include <click/config.h>
#include "painttee.hh"
#include <click/args.hh>
CLICK_DECLS

int PaintTee::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("COLOR", _color).read_p("ANNO", AnnoArg(1), _anno).complete(); }

CLICK_ENDDECLS
EXPORT_ELEMENT(PaintTee)
