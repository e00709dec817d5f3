#include <click/config.h>
#include "truncate.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int Truncate::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("LENGTH", _length).read("EXTRA_LENGTH", _extra).complete(); }

Packet *Truncate::simple_action(Packet *p) {
    if (p->length() > _length) {
        uint32_t n = p->length() - _length;
        if (_extra)
            SET_EXTRA_LENGTH_ANNO(p, EXTRA_LENGTH_ANNO(p) + n);
        p->take(n);
    }
    return p;
}

void Truncate::add_handlers() {
    add_data_handlers("nbytes", Handler::f_read, &_length);
    add_write_handler("nbytes", reconfigure_keyword_handler, "0 LENGTH");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Truncate)
