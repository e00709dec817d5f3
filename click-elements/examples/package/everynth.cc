#include <click/config.h>
#include "everynth.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int EveryNth::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (Args(conf, this, errh).read_mp("N", _n).complete() < 0) return -1;
    return _n ? 0 : errh->error("N must be positive");
}

void EveryNth::push(int, Packet *p) {
    if (++_seen < _n) {
        output(0).push(p);
        return;
    }
    _seen = 0;
    ++_count;
    checked_output_push(1, p);
}

void EveryNth::add_handlers() {
    add_data_handlers("n", Handler::OP_READ | Handler::OP_WRITE, &_n);
    add_data_handlers("count", Handler::OP_READ, &_count);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(EveryNth)
