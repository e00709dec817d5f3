#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "paint.hh"
#include <click/packet_anno.hh>
CLICK_DECLS

int Paint::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("COLOR", _color).read_p("ANNO", AnnoArg(1), _anno).complete(); }

CLICK_ENDDECLS
EXPORT_ELEMENT(Paint)
