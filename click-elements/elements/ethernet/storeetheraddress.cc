#include <click/config.h>
#include "storeetheraddress.hh"
#include "etheroffset.hh"
CLICK_DECLS

int StoreEtherAddress::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("ADDR", _address).read_mp("OFFSET", EtherOffsetArg(), _offset).complete();
}

Packet *StoreEtherAddress::simple_action(Packet *p) {
    if (unlikely(!EtherOffsetArg::holds(p->length(), _offset))) {
        checked_output_push(1, p);
        return nullptr;
    }
    WritablePacket *q = p->uniqueify();
    if (q)
        memcpy(q->data() + _offset, _address.data(), 6);
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(StoreEtherAddress)
