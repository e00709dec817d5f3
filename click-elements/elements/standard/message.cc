#include <click/config.h>
#include "message.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int MessageElement::configure(Vector<String> &conf, ErrorHandler *errh) {
    String text, type = "MESSAGE";
    if (Args(conf, this, errh).read_mp("MESSAGE", text).read_p("TYPE", WordArg(), type).complete() < 0)
        return -1;
    type = type.upper();
    if (type == "ERROR")
        return errh->error("%s", text.c_str());
    if (type == "WARNING")
        errh->warning("%s", text.c_str());
    else if (type == "MESSAGE")
        errh->message("%s", text.c_str());
    else
        return errh->error("unrecognized message type");
    return 0;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(MessageElement-Message)
