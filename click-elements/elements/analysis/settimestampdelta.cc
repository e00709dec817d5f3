#include <click/config.h>
#include "settimestampdelta.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int SetTimestampDelta::configure(Vector<String> &conf, ErrorHandler *errh) {
    String type = "RANGE";
    if (Args(conf, this, errh).read("TYPE", WordArg(), type).complete() < 0)
        return -1;
    type = type.upper();
    if (type != "RANGE" && type != "NOW" && type != "FIRST")
        return errh->error("bad TYPE");
    _type = type == "RANGE" ? t_range : type == "NOW" ? t_now : t_first;
    return 0;
}

Packet *SetTimestampDelta::simple_action(Packet *p) {
    Timestamp &t = p->timestamp_anno();
    if (!t)
        return p;
    if (!_first)
        _first = t;
    t = _type == t_range ? t - _first : _type == t_now ? Timestamp::now() - t : t - Timestamp::make_nsec((int64_t) p->anno_u64(FIRST_TIMESTAMP_ANNO_OFFSET));
    return p;
}

void SetTimestampDelta::add_handlers() {
    add_data_handlers("first", Handler::f_read, &_first);
    add_write_handler("reset", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetTimestampDelta)
