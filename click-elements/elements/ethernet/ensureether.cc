#include <click/config.h>
#include "ensureether.hh"
#include <click/args.hh>
#include <click/etheraddress.hh>
CLICK_DECLS

EnsureEther::EnsureEther() {
    memset(_header.ether_dhost, 2, 6);
    memset(_header.ether_shost, 1, 6);
    _header.ether_type = htons(ETHERTYPE_IP);
}

int EnsureEther::configure(Vector<String> &conf, ErrorHandler *errh) {
    uint16_t type = ETHERTYPE_IP;
    EtherAddress src(_header.ether_shost), dst(_header.ether_dhost);
    if (Args(conf, this, errh).read_p("ETHERTYPE", type).read_p("SRC", src).read_p("DST", dst).complete() < 0)
        return -1;
    memcpy(_header.ether_dhost, dst.data(), 6);
    memcpy(_header.ether_shost, src.data(), 6);
    _header.ether_type = htons(type);
    return 0;
}

Packet *EnsureEther::simple_action(Packet *p) {
    // Receivers mark where a network header may be, without its length: that does not make it one of IP.
    if (!p->has_network_header() || !p->has_transport_header() || p->network_header_offset() > (int) p->length() || p->network_header() < p->buffer())
        return p;
    int start = p->network_header_offset() - 14;
    // Before the data there may be bytes of another packet that used the buffer: only the annotation tells that they are ours.
    bool there = p->network_header() - p->buffer() >= 14 && (start >= 0 || (p->has_mac_header() && p->mac_header_offset() == start));
    if (there) {
        uint16_t type;
        memcpy(&type, p->network_header() - 2, 2);
        there = type == htons(ETHERTYPE_IP) || type == htons(ETHERTYPE_IP6);
    }
    int skip = there ? start : start + 14;
    if (skip < 0)
        p = p->nonunique_push((uint32_t) -skip);
    else
        p->pull((uint32_t) skip);
    if (there) {
        if (p) p->set_mac_header(p->data(), 14);
        return p;
    }
    WritablePacket *q = p ? p->push_mac_header(14) : nullptr;
    if (q)
        memcpy(q->data(), &_header, 14);
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(EnsureEther)
