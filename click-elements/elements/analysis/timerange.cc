#include <click/config.h>
#include "timerange.hh"
#include <click/straccum.hh>
CLICK_DECLS

String TimeRange::read(Element *e, void *data) {
    TimeRange *r = static_cast<TimeRange *>(e);
    StringAccum sa;
    if (data) sa << r->_last - r->_first;
    else sa << r->_first << ' ' << r->_last;
    return sa.take_string();
}

int TimeRange::reset(const String &, Element *e, void *, ErrorHandler *) {
    TimeRange *r = static_cast<TimeRange *>(e);
    r->_first = r->_last = Timestamp();
    return 0;
}

void TimeRange::add_handlers() {
    add_data_handlers("first", Handler::f_read, &_first);
    add_data_handlers("last", Handler::f_read, &_last);
    add_read_handler("range", read, 0);
    add_read_handler("interval", read, 1);
    add_write_handler("reset", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(TimeRange)
