#include <click/config.h>
#include "resize.hh"
#include <click/args.hh>
CLICK_DECLS

int Resize::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_p("HEAD", BoundedIntArg(-65535, 65535), _head).read_p("TAIL", BoundedIntArg(-65535, 65535), _tail).complete();
}

Packet *Resize::simple_action(Packet *p) {
    if (_head < 0)
        p->pull(-_head);
    else if (_head > 0) {
        WritablePacket *q = p->push(_head);
        if (!q)
            return nullptr;
        memset(q->data(), 0, _head);
        p = q;
    }
    if (_tail < 0)
        p->take(-_tail);
    else if (_tail > 0) {
        WritablePacket *q = p->put(_tail);
        if (!q)
            return nullptr;
        memset(q->end_data() - _tail, 0, _tail);
        p = q;
    }
    return p;
}

void Resize::add_handlers() {
    add_data_handlers("head", Handler::f_read, &_head);
    add_write_handler("head", reconfigure_keyword_handler, "0 HEAD");
    add_data_handlers("tail", Handler::f_read, &_tail);
    add_write_handler("tail", reconfigure_keyword_handler, "1 TAIL");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Resize)
