#include <click/config.h>
#include "etherrewrite.hh"
CLICK_DECLS

Packet *EtherRewrite::simple_action(Packet *p) {
    if (unlikely(p->length() < 12)) {
        p->kill();
        return nullptr;
    }
    WritablePacket *q = p->uniqueify();
    if (q) {
        memcpy(q->data(), _dst.data(), 6);
        memcpy(q->data() + 6, _src.data(), 6);
    }
    return q;
}

void EtherRewrite::add_handlers() {
    add_data_handlers("src", Handler::f_read, &_src);
    add_data_handlers("dst", Handler::f_read, &_dst);
    add_write_handler("src", reconfigure_keyword_handler, "0 SRC");
    add_write_handler("dst", reconfigure_keyword_handler, "1 DST");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(EtherRewrite)
