#include <click/config.h>
#include "checkarpheader.hh"
#include <click/args.hh>
#include <click/straccum.hh>
#include <clicknet/ether.h>
CLICK_DECLS

static const char *const reason_names[] = {"tiny packet", "too small for addresses", "bad hardware type/length", "bad protocol type/length"};

int CheckARPHeader::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_p("OFFSET", _offset).read("VERBOSE", _verbose).read("DETAILS", _details).complete();
}

Packet *CheckARPHeader::drop(Reason reason, Packet *p) {
    if (_verbose || !_complained)
        click_chatter("ARP header check failed: %s", reason_names[reason]);
    _complained = true;
    ++_drops[reason];
    checked_output_push(1, p);
    return nullptr;
}

Packet *CheckARPHeader::simple_action(Packet *p) {
    if (p->length() < 8 || p->length() - 8 < _offset)
        return drop(tiny_packet, p);
    const unsigned char *d = p->data() + _offset;
    unsigned hln = d[4], pln = d[5], length = 8 + 2 * (hln + pln);
    if (p->length() - _offset < length)
        return drop(too_small, p);
    if (d[0] == 0 && d[1] == ARPHRD_ETHER && hln != 6)
        return drop(bad_hardware, p);
    if (d[2] != ETHERTYPE_IP >> 8 || d[3] != 0 || pln != 4)
        return drop(bad_protocol, p);
    p->set_network_header(d, length);
    ++_count;
    return p;
}

String CheckARPHeader::read(Element *e, void *details) {
    CheckARPHeader *c = static_cast<CheckARPHeader *>(e);
    StringAccum sa;
    uint64_t sum = 0;
    for (int i = 0; i < nreasons; ++i) {
        sum += c->_drops[i];
        sa << c->_drops[i] << '\t' << reason_names[i] << '\n';
    }
    return details ? sa.take_string() : String(sum);
}

void CheckARPHeader::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_read_handler("drops", read, 0);
    if (_details)
        add_read_handler("drop_details", read, 1);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(CheckARPHeader)
