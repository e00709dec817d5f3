#include <click/config.h>
#include "simplepullswitch.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int SimplePullSwitch::configure(Vector<String> &conf, ErrorHandler *errh) {
    int in = 0;
    if (Args(conf, this, errh).read_p("INPUT", in).complete() < 0)
        return -1;
    set_input(in);
    return 0;
}

int SimplePullSwitch::write(const String &s, Element *e, void *, ErrorHandler *errh) {
    int in;
    if (!cp_integer(cp_uncomment(s), &in))
        return errh->error("syntax error");
    static_cast<SimplePullSwitch *>(e)->set_input(in);
    return 0;
}

void SimplePullSwitch::add_handlers() {
    add_read_handler("switch", read, 0);
    add_write_handler("switch", write, 0);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SimplePullSwitch)
