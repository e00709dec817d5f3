#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <clicknet/ether.h>
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
    static const char *const names[] = {"0 ETHERTYPE", "1 SRC", "2 DST"};
    static const char *const handlers[] = {"etht", "src", "dst"};
    for (int i = 0; i < 3; ++i) {
        add_read_handler(handlers[i], read_keyword_handler, names[i]);
        add_write_handler(handlers[i], reconfigure_keyword_handler, names[i]);
    }
}

CLICK_ENDDECLS
EXPORT_ELEMENT(EtherEncap)
