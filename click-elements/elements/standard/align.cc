#include <click/config.h>
#include "align.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int Align::configure(Vector<String> &conf, ErrorHandler *errh) {
    unsigned modulus = 0, offset = 0;
    if (Args(conf, this, errh).read_mp("MODULUS", modulus).read_mp("OFFSET", offset).complete() < 0)
        return -1;
    if (modulus != 2 && modulus != 4 && modulus != 8)
        return errh->error("MODULUS must be 2, 4, or 8");
    if (offset >= modulus)
        return errh->error("OFFSET must be smaller than MODULUS");
    _mask = modulus - 1, _offset = offset;
    return 0;
}

Packet *Align::simple_action(Packet *p) {
    // Twice, as the copy that a shared or a full buffer needs may begin at another remainder.
    for (int tries = 0; p && tries < 2; ++tries) {
        unsigned now = (uintptr_t) p->data() & _mask, back = (now - _offset) & _mask;
        if (!back)
            return p;
        p = p->shift_data(back <= p->headroom() ? -(int) back : (int) (_mask + 1 - back));
    }
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Align)
