#include <click/config.h>
#include "setannobyte.hh"
#include <click/args.hh>
CLICK_DECLS

int SetAnnoByte::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("ANNO", AnnoArg(1), _anno).read_mp("VALUE", _value).complete(); }

void SetAnnoByte::add_handlers() {
    add_read_handler("anno", read_anno, 0);
    add_data_handlers("value", Handler::f_read | Handler::f_write, &_value);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetAnnoByte)
