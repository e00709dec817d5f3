#include <click/config.h>
#include "storedata.hh"
#include <click/args.hh>
CLICK_DECLS

int StoreData::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("OFFSET", _offset).read_mp("DATA", _data).complete();
}

Packet *StoreData::simple_action(Packet *p) {
    if (p->length() <= _offset || !_data)
        return p;
    WritablePacket *q = p->uniqueify();
    if (q)
        memcpy(q->data() + _offset, _data.data(), std::min(q->length() - _offset, (uint32_t) _data.length()));
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(StoreData)
