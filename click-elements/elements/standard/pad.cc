#include <click/config.h>
#include "pad.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int Pad::configure(Vector<String> &conf, ErrorHandler *errh) {
    uint32_t length = 0;
    bool zero = true;
    if (Args(conf, this, errh).read_p("LENGTH", BoundedIntArg(0, (int) max_length), length).read("ZERO", zero).complete() < 0)
        return -1;
    _length = length;
    return 0;
}

Packet *Pad::simple_action(Packet *p) {
    uint64_t want = _length ? _length : (uint64_t) p->length() + EXTRA_LENGTH_ANNO(p);
    if (want > max_length)
        want = max_length;
    if (p->length() < want) {
        uint32_t n = (uint32_t) want - p->length();
        WritablePacket *q = p->put(n);
        if (!q)
            return nullptr;
        memset(q->end_data() - n, 0, n);
        p = q;
    }
    SET_EXTRA_LENGTH_ANNO(p, 0);
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Pad)
