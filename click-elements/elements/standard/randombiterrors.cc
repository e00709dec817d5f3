#include <click/config.h>
#include "randombiterrors.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <math.h>
CLICK_DECLS

int RandomBitErrors::configure(Vector<String> &conf, ErrorHandler *errh) {
    double p = 0;
    String kind = "flip";
    if (Args(conf, this, errh).read_mp("P", p).read_p("KIND", WordArg(), kind).read_p("ACTIVE", _active).complete() < 0)
        return -1;
    return set_p(p, errh) < 0 || set_kind(kind, errh) < 0 ? -1 : 0;
}

int RandomBitErrors::set_p(double p, ErrorHandler *errh) {
    if (p < 0 || p > 1)
        return errh->error("drop probability must be between 0 and 1");
    _p = p, _log = p < 1 ? log1p(-p) : 0;
    return 0;
}

int RandomBitErrors::set_kind(const String &s, ErrorHandler *errh) {
    if (s != "flip" && s != "set" && s != "clear")
        return errh->error("bad action %<%s%> (must be %<set%>, %<clear%>, or %<flip%>)", s.c_str());
    _kind = s == "flip" ? k_flip : s == "set" ? k_set : k_clear;
    return 0;
}

Packet *RandomBitErrors::simple_action(Packet *p) {
    if (!_active || _p <= 0 || !p->length())
        return p;
    // How many bits stay as they are until the next error is distributed geometrically: one random number an error.
    auto skip = [this] { return _p >= 1 ? 0.0 : floor(log((click_random() + 1.0) / 4294967297.0) / _log); };
    double bits = p->length() * 8.0, at = skip();
    if (at >= bits)
        return p;
    WritablePacket *q = p->uniqueify();
    for (; q && at < bits; at += 1 + skip()) {
        unsigned char &byte = q->data()[(uint32_t) at >> 3], bit = (unsigned char) (0x80 >> ((uint32_t) at & 7));
        byte = _kind == k_flip ? byte ^ bit : _kind == k_set ? byte | bit : byte & ~bit;
    }
    return q;
}

String RandomBitErrors::read(Element *e, void *data) {
    RandomBitErrors *r = static_cast<RandomBitErrors *>(e);
    return data ? String(r->_kind == k_flip ? "flip" : r->_kind == k_set ? "set" : "clear") : String(r->_p);
}

int RandomBitErrors::write(const String &text, Element *e, void *data, ErrorHandler *errh) {
    RandomBitErrors *r = static_cast<RandomBitErrors *>(e);
    String s = cp_uncomment(text);
    double p;
    if (data)
        return r->set_kind(s, errh);
    return cp_double(s, &p) ? r->set_p(p, errh) : errh->error("expected probability");
}

void RandomBitErrors::add_handlers() {
    add_read_handler("p_bit_error", read, 0);
    add_write_handler("p_bit_error", write, 0);
    add_read_handler("error_kind", read, 1);
    add_write_handler("error_kind", write, 1);
    add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RandomBitErrors)
