#include <click/config.h>
#include "suppressor.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int Suppressor::configure(Vector<String> &conf, ErrorHandler *errh) {
    _active.assign(ninputs(), 1);
    return Args(conf, this, errh).complete();
}

int Suppressor::write(const String &s, Element *e, void *port, ErrorHandler *errh) {
    bool active;
    if (!cp_bool(cp_uncomment(s), &active))
        return errh->error("type mismatch");
    static_cast<Suppressor *>(e)->_active[(int) (uintptr_t) port] = active;
    return 0;
}

int Suppressor::reset(const String &, Element *e, void *, ErrorHandler *) {
    for (char &c : static_cast<Suppressor *>(e)->_active) c = 1;
    return 0;
}

void Suppressor::add_handlers() {
    for (int i = 0; i < ninputs(); ++i) {
        add_read_handler("active" + String(i), read, i, Handler::f_checkbox);
        add_write_handler("active" + String(i), write, i);
    }
    add_write_handler("reset", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Suppressor)
