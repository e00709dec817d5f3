#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "switch.hh"
CLICK_DECLS

int Switch::configure(Vector<String> &conf, ErrorHandler *errh) {
    int out = 0;
    if (Args(conf, this, errh).read_p("OUTPUT", out).complete() < 0)
        return -1;
    if (out >= noutputs())
        return errh->error("output must be < %d", noutputs());
    _output = out;
    return 0;
}

int Switch::write(const String &s, Element *e, void *, ErrorHandler *errh) {
    Switch *sw = static_cast<Switch *>(e);
    int out;
    if (!cp_integer(s, &out))
        return errh->error("Switch output must be integer");
    sw->_output = out < sw->noutputs() ? out : -1;
    return 0;
}

void Switch::add_handlers() {
    add_read_handler("switch", read, 0);
    add_write_handler("switch", write, 0, Handler::f_nonexclusive);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Switch)
