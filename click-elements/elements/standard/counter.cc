#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <initializer_list>
#include "counter.hh"
CLICK_DECLS

enum { h_count, h_bytes, h_rate, h_byte_rate, h_bit_rate, h_reset, h_count_call, h_byte_count_call };

int Counter::configure(Vector<String> &conf, ErrorHandler *errh) {
    String on_count, on_bytes;
    if (Args(conf, this, errh).read("COUNT_CALL", AnyArg(), on_count).read("BYTE_COUNT_CALL", AnyArg(), on_bytes).complete() < 0)
        return -1;
    if (on_count && set_trigger(_on_count, on_count, false, errh) < 0)
        return -1;
    return on_bytes ? set_trigger(_on_bytes, on_bytes, false, errh) : 0;
}

int Counter::set_trigger(Trigger &t, const String &text, bool running, ErrorHandler *errh) {
    String rest = text, n = cp_shift_spacevec(rest);
    Trigger made;
    if (!text) {
        t = made;
        return 0;
    }
    if (!cp_integer(n, &made.at) || !rest)
        return errh->error("expected %<N HANDLER [VALUE]%>");
    made.call = HandlerCall(rest), made.text = text;
    if (running && made.call.initialize_write(this, errh) < 0)
        return -1;
    t = made;
    return 0;
}

int Counter::initialize(ErrorHandler *errh) {
    reset();
    for (Trigger *t : {&_on_count, &_on_bytes})
        if (t->text && t->call.initialize_write(this, errh) < 0)
            return -1;
    return 0;
}

void Counter::reset() {
    _count = _bytes = _since_count = _since_bytes = 0;
    _rate = _byte_rate = 0;
    _since = Timestamp::now_steady();
}

void Counter::fire(Trigger &t) {
    t.at = UINT64_MAX;
    t.call.call_write(ErrorHandler::default_handler());
}

void Counter::check_triggers() {
    if (unlikely(_count >= _on_count.at))
        fire(_on_count);
    if (unlikely(_bytes >= _on_bytes.at))
        fire(_on_bytes);
}

Packet *Counter::simple_action(Packet *p) {
    ++_count;
    _bytes += p->length();
    check_triggers();
    return p;
}

PacketBatch *Counter::simple_action_batch(PacketBatch *b) {
    uint64_t bytes = 0;
    FOR_EACH_PACKET(b, p) bytes += p->length();
    _count += b->count(), _bytes += bytes;
    check_triggers();
    return b;
}

void Counter::push_batch(int, PacketBatch *b) {
    // What a trigger does must come between the right two packets.
    bool near = unlikely(_count + b->count() >= _on_count.at);
    if (unlikely(_on_bytes.at != UINT64_MAX)) {
        uint64_t bytes = _bytes;
        FOR_EACH_PACKET(b, p) bytes += p->length();
        near |= bytes >= _on_bytes.at;
    }
    if (near) {
        FOR_EACH_PACKET_SAFE(b, p) output(0).push(simple_action(p));
        return;
    }
    output(0).push_batch(simple_action_batch(b));
}

void Counter::update_rates() {
    Timestamp now = Timestamp::now_steady();
    double s = (now - _since).doubleval();
    if (s < 0.05)
        return;
    _rate = (_count - _since_count) / s, _byte_rate = (_bytes - _since_bytes) / s;
    if (s >= 1)
        _since = now, _since_count = _count, _since_bytes = _bytes;
}

String Counter::read(Element *e, void *data) {
    Counter *c = static_cast<Counter *>(e);
    switch ((uintptr_t) data) {
    case h_count: return String(c->_count);
    case h_bytes: return String(c->_bytes);
    case h_count_call: return c->_on_count.text;
    }
    c->update_rates();
    switch ((uintptr_t) data) {
    case h_rate: return String(c->_rate);
    case h_byte_rate: return String(c->_byte_rate);
    default: return String(c->_byte_rate * 8);
    }
}

int Counter::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    Counter *c = static_cast<Counter *>(e);
    switch ((uintptr_t) data) {
    case h_count_call: return c->set_trigger(c->_on_count, s, true, errh);
    case h_byte_count_call: return c->set_trigger(c->_on_bytes, s, true, errh);
    default: c->reset(); return 0;
    }
}

void Counter::add_handlers() {
    add_read_handler("count", read, h_count);
    add_read_handler("byte_count", read, h_bytes);
    add_read_handler("rate", read, h_rate);
    add_read_handler("bit_rate", read, h_bit_rate);
    add_read_handler("byte_rate", read, h_byte_rate);
    add_write_handler("reset", write, h_reset, Handler::f_button);
    add_write_handler("reset_counts", write, h_reset, Handler::f_button | Handler::f_uncommon);
    add_read_handler("count_call", read, h_count_call);
    add_write_handler("count_call", write, h_count_call);
    add_write_handler("byte_count_call", write, h_byte_count_call);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Counter)
