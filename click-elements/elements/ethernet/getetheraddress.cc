#include <click/config.h>
#include "getetheraddress.hh"
#include "etheroffset.hh"
CLICK_DECLS

int GetEtherAddress::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("ANNO", AnnoArg(6), _anno).read_mp("OFFSET", EtherOffsetArg(), _offset).complete();
}

Packet *GetEtherAddress::simple_action(Packet *p) {
    if (unlikely(!EtherOffsetArg::holds(p->length(), _offset))) {
        checked_output_push(1, p);
        return nullptr;
    }
    memcpy(static_cast<unsigned char *>(p->anno()) + (uint16_t) _anno, p->data() + _offset, 6);
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(GetEtherAddress)
