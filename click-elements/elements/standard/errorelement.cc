#include <click/config.h>
#include <click/error.hh>
#include <click/args.hh>
#include "errorelement.hh"
CLICK_DECLS

int ErrorElement::configure(Vector<String> &conf, ErrorHandler *errh) {
    String message;
    Args(conf, this, errh).read_p("MESSAGE", message).consume();
    return errh->error("%s", message ? message.c_str() : "cannot be configured");
}
int ErrorElement::initialize(ErrorHandler *) { return -EINVAL; }

CLICK_ENDDECLS
EXPORT_ELEMENT(ErrorElement-Error)
