#include <click/config.h>
#include "tohost.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/router.hh>
CLICK_DECLS

int ToHost::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("DEVNAME", _name).complete(); }

int ToHost::initialize(ErrorHandler *errh) {
    for (int i = 0; !_host && i < router()->nelements(); ++i) {
        FromHost *f = static_cast<FromHost *>(router()->element(i)->cast("FromHost"));
        if (f && f->dev_name() == _name)
            _host = f;
    }
    return _host ? 0 : errh->error("ToHost(%s) requires an initialized FromHost with the same dev_name", _name.c_str());
}

void ToHost::push(int, Packet *p) {
    send(p);
    p->kill();
}

void ToHost::push_batch(int, PacketBatch *batch) {
    FOR_EACH_PACKET(batch, p)
        send(p);
    batch->kill();
}

void ToHost::add_handlers() {
    add_data_handlers("drops", Handler::f_read, &_drops);
    add_data_handlers("dev_name", Handler::f_read, &_name);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
EXPORT_ELEMENT(ToHost)
