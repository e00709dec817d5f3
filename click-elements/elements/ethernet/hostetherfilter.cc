#include <click/config.h>
#include "hostetherfilter.hh"
#include <click/args.hh>
CLICK_DECLS

int HostEtherFilter::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("ETHER", _mac).read_or_set_p("DROP_OWN", _drop_own, false).read_or_set_p("DROP_OTHER", _drop_other, true)
        .read_or_set("OFFSET", _offset, 0u).complete();
}

Packet *HostEtherFilter::simple_action(Packet *p) {
    bool drop = true;
    if (likely(p->length() >= 12 && p->length() - 12 >= _offset)) {
        EtherAddress dst(p->data() + _offset);
        Packet::PacketType type = dst == _mac ? Packet::HOST : dst.is_broadcast() ? Packet::BROADCAST : dst.is_group() ? Packet::MULTICAST : Packet::OTHERHOST;
        p->set_packet_type_anno(type);
        drop = (_drop_own && EtherAddress(p->data() + _offset + 6) == _mac) || (_drop_other && type == Packet::OTHERHOST);
    }
    if (likely(!drop))
        return p;
    checked_output_push(1, p);
    return nullptr;
}

void HostEtherFilter::add_handlers() {
    add_data_handlers("ether", Handler::f_read, &_mac);
    add_write_handler("ether", reconfigure_keyword_handler, "0 ETHER");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(HostEtherFilter)
