#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <clicknet/ether.h>
#include <initializer_list>
#include "etherencap.hh"
CLICK_DECLS

int EtherEncap::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("ETHERTYPE", _type).read_mp("SRC", _src).read_mp("DST", _dst).complete(); }

Packet *EtherEncap::simple_action(Packet *p) {
    WritablePacket *q = p->push_mac_header(14);
    if (q) {
        click_ether *e = q->ether_header();
        memcpy(e->ether_dhost, _dst.data(), 6);
        memcpy(e->ether_shost, _src.data(), 6);
        e->ether_type = htons(_type);
    }
    return q;
}

void EtherEncap::add_handlers() {
    add_data_handlers("src", Handler::f_read, &_src);
    add_data_handlers("dst", Handler::f_read, &_dst);
    add_write_handler("src", reconfigure_keyword_handler, "1 SRC");
    add_write_handler("dst", reconfigure_keyword_handler, "2 DST");
    for (const char *name : {"ethertype", "etht"}) {
        add_data_handlers(name, Handler::f_read, &_type);
        add_write_handler(name, reconfigure_keyword_handler, "0 ETHERTYPE");
    }
}

CLICK_ENDDECLS
EXPORT_ELEMENT(EtherEncap)
