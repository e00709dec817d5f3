#include <click/config.h>
#include "checklength.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int CheckLength::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("LENGTH", _length).read("EXTRA_LENGTH", _extra).complete(); }

Packet *CheckLength::simple_action(Packet *p) {
    if ((uint64_t) p->length() + (_extra ? EXTRA_LENGTH_ANNO(p) : 0) <= _length)
        return p;
    checked_output_push(1, p);
    return nullptr;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(CheckLength)
