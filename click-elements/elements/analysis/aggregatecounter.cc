#include <click/config.h>
#include "aggregatecounter.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/packet_anno.hh>
#include <click/router.hh>
#include <algorithm>
#include <errno.h>
#include <initializer_list>
CLICK_DECLS

int AggregateCounter::configure(Vector<String> &conf, ErrorHandler *errh) {
    uint32_t stop[2], freeze[2];
    String call[2];
    bool has_stop[2], has_freeze[2];
    if (Args(conf, this, errh).read("BYTES", _bytes).read("IP_BYTES", _ip_bytes).read("MULTIPACKET", _multipacket).read("EXTRA_LENGTH", _extra_length)
            .read("AGGREGATE_STOP", stop[0]).read_status(has_stop[0]).read("AGGREGATE_FREEZE", freeze[0]).read_status(has_freeze[0]).read("AGGREGATE_CALL", AnyArg(), call[0])
            .read("COUNT_STOP", stop[1]).read_status(has_stop[1]).read("COUNT_FREEZE", freeze[1]).read_status(has_freeze[1]).read("COUNT_CALL", AnyArg(), call[1])
            .read("BANNER", _banner).complete() < 0)
        return -1;
    for (int i = 0; i < 2; ++i) {
        const char *what = i ? "COUNT" : "AGGREGATE";
        if (has_stop[i] + has_freeze[i] + (call[i] ? 1 : 0) > 1)
            return errh->error("%<%s_FREEZE%>, %<%s_STOP%>, and %<%s_CALL%> are mutually exclusive", what, what, what);
        String rest = call[i];
        uint64_t n;
        if (call[i] && !cp_integer(cp_shift_spacevec(rest), &n))
            return errh->error("%s_CALL first word should be unsigned (%s)", what, i ? "count" : "number of aggregates");
        if (has_stop[i])
            call[i] = String(stop[i]) + " " + name() + ".stop";
        else if (has_freeze[i])
            call[i] = String(freeze[i]) + " " + name() + ".freeze true";
        (i ? _on_count : _on_aggregates).text = call[i];
    }
    if (_banner && _banner.back() != '\n')
        _banner += '\n';
    return 0;
}

int AggregateCounter::initialize(ErrorHandler *errh) {
    for (Trigger *t : {&_on_aggregates, &_on_count})
        if (t->text && set_trigger(*t, String(t->text), "", errh) < 0) return -1;
    return 0;
}

int AggregateCounter::set_trigger(Trigger &t, const String &text, const char *handler, ErrorHandler *errh) {
    Trigger made;
    made.text = text;
    String rest = text, n = cp_shift_spacevec(rest);
    if (text && !cp_integer(n, &made.at))
        return errh->error("argument to %<%s%> should be %<N HANDLER [VALUE]%>", handler);
    if (text && !rest)
        return errh->error("syntax error");
    if (text && HandlerCall(rest).initialize_write(this, errh) < 0)
        return -1;
    t = made;
    return 0;
}

void AggregateCounter::fire(Trigger &t) {
    t.at = UINT64_MAX;
    String rest = t.text;
    cp_shift_spacevec(rest);
    HandlerCall::call_write(rest, this, ErrorHandler::default_handler());
}

bool AggregateCounter::update(Packet *p, bool frozen) {
    if (!_active)
        return false;
    uint32_t aggregate = AGGREGATE_ANNO(p), n = _multipacket ? EXTRA_PACKETS_ANNO(p) + 1 : 1;
    if (_bytes) {
        n = p->length() + (_extra_length ? EXTRA_LENGTH_ANNO(p) : 0);
        if (_ip_bytes && p->has_network_header() && p->network_header_offset() >= 0 && (uint32_t) p->network_header_offset() <= p->length())
            n -= p->network_header_offset();
    }
    uint32_t *count = _counts.get_pointer(aggregate);
    if (!count) {
        if (frozen || _frozen)
            return false;
        count = &_counts[aggregate];
        *count = 0;
    }
    *count += n;
    _count += n;
    if (unlikely((uint64_t) _counts.size() >= _on_aggregates.at)) fire(_on_aggregates);
    if (unlikely(_count >= _on_count.at)) fire(_on_count);
    return true;
}

void AggregateCounter::push(int port, Packet *p) { output(!update(p, port == 1) && noutputs() == 2).push(p); }

void AggregateCounter::push_batch(int port, PacketBatch *b) {
    if (noutputs() == 1 && _on_count.at == UINT64_MAX && _on_aggregates.at == UINT64_MAX) {
        FOR_EACH_PACKET(b, p) update(p, port == 1);
        output(0).push_batch(b);
    } else {
        GatherScope gather(this);
        FOR_EACH_PACKET_SAFE(b, p) push(port, p);
    }
}

PacketBatch *AggregateCounter::pull_batch(int port, unsigned max) {
    BatchBuilder b;
    while (b.count() < max)
        if (Packet *p = pull(port)) b.append(p);
        else break;
    return b.finish();
}

Packet *AggregateCounter::pull(int port) {
    if (port >= ninputs())
        return nullptr;
    Packet *p = input(port).pull();
    if (p && _active)
        update(p, port == 1);
    return p;
}

Vector<uint32_t> AggregateCounter::sorted() const {
    Vector<uint32_t> keys;
    for (auto it = _counts.begin(); it; ++it)
        if (it.value()) keys.push_back(it.key());
    std::sort(keys.begin(), keys.end());
    return keys;
}

int AggregateCounter::write_file(const String &name, Format format, ErrorHandler *errh) const {
    FILE *f = name == "-" ? stdout : fopen(name.c_str(), "we");
    if (!f)
        return errh->error("%s: %s", name.c_str(), strerror(errno));
    Vector<uint32_t> keys = sorted();
    fprintf(f, "!IPAggregate 1.0\n");
    fwrite(_banner.data(), 1, _banner.length(), f);
    fprintf(f, "!num_nonzero %d\n", keys.size());
    if (format == f_ip) fprintf(f, "!ip\n");
    if (format == f_binary) fprintf(f, CLICK_BYTE_ORDER == CLICK_LITTLE_ENDIAN ? "!packed_le\n" : "!packed_be\n");
    for (uint32_t k : keys) {
        uint32_t pair[2] = {k, *_counts.get_pointer(k)};
        if (format == f_binary) fwrite(pair, sizeof pair, 1, f);
        else if (format == f_ip) fprintf(f, "%u.%u.%u.%u %u\n", k >> 24, k >> 16 & 255, k >> 8 & 255, k & 255, pair[1]);
        else if (format == f_pdf) fprintf(f, "%u %.12g\n", k, _count ? pair[1] / (double) _count : 0);
        else fprintf(f, "%u %u\n", k, pair[1]);
    }
    bool bad = ferror(f) || fflush(f) != 0;
    if (f != stdout && fclose(f) != 0) bad = true;
    return bad ? errh->error("%s: %s", name.c_str(), strerror(errno)) : 0;
}

// ---- Handlers

enum { h_freeze, h_active, h_banner, h_count, h_nagg, h_aggregate_call, h_count_call, h_stop, h_clear, h_pdf };

String AggregateCounter::read(Element *e, void *data) {
    AggregateCounter *c = static_cast<AggregateCounter *>(e);
    switch ((uintptr_t) data) {
    case h_freeze: return String(c->_frozen);
    case h_active: return String(c->_active);
    case h_banner: return c->_banner;
    case h_count: return String(c->_count);
    case h_nagg: return String(c->_counts.size());
    default: {
        Trigger &t = (uintptr_t) data == h_count_call ? c->_on_count : c->_on_aggregates;
        return t.at == UINT64_MAX ? String() : t.text;
    }
    }
}

int AggregateCounter::write(const String &text, Element *e, void *data, ErrorHandler *errh) {
    AggregateCounter *c = static_cast<AggregateCounter *>(e);
    String s = cp_uncomment(text);
    switch ((uintptr_t) data) {
    case h_freeze: return cp_bool(s, &c->_frozen) ? 0 : errh->error("type mismatch");
    case h_active: return cp_bool(s, &c->_active) ? 0 : errh->error("type mismatch");
    case h_banner:
        c->_banner = text;
        if (text && text.back() != '\n') c->_banner += '\n';
        return 0;
    case h_aggregate_call: return c->set_trigger(c->_on_aggregates, s, "aggregate_call", errh);
    case h_count_call: return c->set_trigger(c->_on_count, s, "count_call", errh);
    case h_stop:
        c->_active = false;
        c->router()->please_stop_driver();
        return 0;
    case h_pdf: {
        HashTable<uint32_t, uint32_t> times;
        for (uint32_t k : c->sorted()) ++times[*c->_counts.get_pointer(k)];
        c->_count = 0;
        c->_counts.clear();
        for (auto it = times.begin(); it; ++it) {
            c->_counts.set(it.key(), it.value());
            c->_count += it.value();
        }
        return 0;
    }
    default:
        c->_counts.clear();
        c->_count = 0;
        return 0;
    }
}

int AggregateCounter::write_file_handler(const String &text, Element *e, void *data, ErrorHandler *errh) {
    String name = cp_unquote(text);
    if (!name)
        return errh->error("argument should be filename");
    return static_cast<AggregateCounter *>(e)->write_file(name, (Format) (uintptr_t) data, errh);
}

void AggregateCounter::add_handlers() {
    static const struct { const char *name; int what, flags; } both[] = {
        {"freeze", h_freeze, Handler::f_checkbox}, {"active", h_active, Handler::f_checkbox}, {"banner", h_banner, Handler::f_raw},
        {"aggregate_call", h_aggregate_call, 0}, {"count_call", h_count_call, 0}};
    static const struct { const char *name; Format format; } files[] = {
        {"write_text_file", f_text}, {"write_ascii_file", f_text}, {"write_file", f_binary}, {"write_ip_file", f_ip}, {"write_pdf_file", f_pdf}};
    for (const auto &f : files) add_write_handler(f.name, write_file_handler, (int) f.format);
    for (const auto &b : both) {
        add_read_handler(b.name, read, b.what, b.flags);
        add_write_handler(b.name, write, b.what);
    }
    add_write_handler("stop", write, h_stop, Handler::f_button);
    add_write_handler("reaggregate_counts", write, h_pdf);
    add_write_handler("counts_pdf", write, h_pdf);
    add_write_handler("clear", write, h_clear);
    add_read_handler("count", read, h_count);
    add_read_handler("nagg", read, h_nagg);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(AggregateCounter)
