#include <click/config.h>
#include "settimestamp.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int SetTimestamp::configure(Vector<String> &conf, ErrorHandler *errh) {
    Timestamp t;
    bool fixed, first = false;
    if (Args(conf, this, errh).read_p("TIMESTAMP", t).read_status(fixed).read("FIRST", first).complete() < 0)
        return -1;
    _time = t, _fixed = fixed, _first = first;
    return 0;
}

inline void SetTimestamp::set(Packet *p, const Timestamp &t) const {
    if (_first)
        p->set_anno_u64(FIRST_TIMESTAMP_ANNO_OFFSET, (uint64_t) t.nsecval());
    else
        p->set_timestamp_anno(t);
}

PacketBatch *SetTimestamp::simple_action_batch(PacketBatch *b) {
    Timestamp t = time();
    FOR_EACH_PACKET(b, p) set(p, t);
    return b;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetTimestamp)
