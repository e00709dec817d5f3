#include <click/config.h>
#include "averagecounter.hh"
#include <click/args.hh>
CLICK_DECLS

int AverageCounter::configure(Vector<String> &conf, ErrorHandler *errh) {
    unsigned seconds = 0;
    if (Args(conf, this, errh).read_p("IGNORE", seconds).complete() < 0)
        return -1;
    _ignore = (int64_t) seconds * 1000000000;
    return 0;
}

PacketBatch *AverageCounter::simple_action_batch(PacketBatch *b) {
    uint64_t bytes = 0;
    FOR_EACH_PACKET(b, p) bytes += p->length();
    count(b->count(), bytes);
    return b;
}

String AverageCounter::read(Element *e, void *data) {
    AverageCounter *c = static_cast<AverageCounter *>(e);
    int64_t ns = c->_last - c->_first - c->_ignore;
    double seconds = (ns < 1000000 ? 1000000 : ns) / 1e9;        // a millisecond at least, for what came all at once
    return String((data ? c->_bytes : c->_count) / seconds);
}

int AverageCounter::reset(const String &, Element *e, void *, ErrorHandler *) {
    AverageCounter *c = static_cast<AverageCounter *>(e);
    c->_count = c->_bytes = 0;
    c->_first = c->_last = 0;
    return 0;
}

void AverageCounter::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("byte_count", Handler::f_read, &_bytes);
    add_read_handler("rate", read, 0);
    add_read_handler("byte_rate", read, 1);
    add_write_handler("reset", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(AverageCounter)
