#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "gtptracepoint.hh"
#include "elements/gtp/gtptrace.hh"
CLICK_DECLS

int GTPTracePoint::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).read_mp("TEXT", _text).complete();
}

Packet *GTPTracePoint::simple_action(Packet *p) {
    if (unlikely(_table->tracing()))
        _table->tracing()->note(p, "point", _text);
    return p;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable GTPTrace)
EXPORT_ELEMENT(GTPTracePoint)
