#include <click/config.h>
#include "inputswitch.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int InputSwitch::configure(Vector<String> &conf, ErrorHandler *errh) {
    int in = 0;
    if (Args(conf, this, errh).read_p("INPUT", in).complete() < 0)
        return -1;
    if (in >= ninputs())
        return errh->error("input must be < %d", ninputs());
    _input = in;
    return 0;
}

int InputSwitch::write(const String &s, Element *e, void *, ErrorHandler *errh) {
    InputSwitch *sw = static_cast<InputSwitch *>(e);
    int in;
    if (!cp_integer(cp_uncomment(s), &in))
        return errh->error("InputSwitch input must be integer");
    sw->_input = in < sw->ninputs() ? in : -1;
    return 0;
}

void InputSwitch::add_handlers() {
    add_read_handler("switch", read, 0);
    add_write_handler("switch", write, 0, Handler::f_nonexclusive);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(InputSwitch)
