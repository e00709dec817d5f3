// The handlers of IPRewriterBase.
#include <click/config.h>
#include "iprewriterbase.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
CLICK_DECLS

String IPRewriterBase::table(unsigned protocol) const {
    StringAccum sa;
    uint32_t now = IPRWFlows::now();
    _flows.each([&](const IPRWFlow &f) {
        if (f.key[0].proto != protocol) return;
        for (int w = 0; w < 2; ++w)
            sa << f.key[w].unparse() << " => " << f.rewritten(w).unparse() << (w ? " [" : " [*") << (int) f.output[0] << (w ? " *" : " ") << (int) f.output[1]
               << "] i" << (int) f.input << " exp" << _flows.left(f, now) << '\n';
    });
    return sa.take_string();
}

enum { h_tcp, h_udp, h_ping, h_size, h_failures, h_patterns, h_capacity, h_clear };

String IPRewriterBase::read(Element *e, void *data) {
    IPRewriterBase *r = static_cast<IPRewriterBase *>(e);
    StringAccum sa;
    switch ((int) (uintptr_t) data) {
    case h_tcp: return r->table(IP_PROTO_TCP);
    case h_udp: return r->table(IP_PROTO_UDP);
    case h_ping: return r->table(IP_PROTO_ICMP);
    case h_size: return String(r->_flows.size());
    case h_failures: return String(r->_failures);
    case h_capacity: return String(r->_flows.capacity());
    default:
        for (IPRWInput &i : r->_inputs) sa << i.unparse() << '\n';
        return sa.take_string();
    }
}

int IPRewriterBase::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    IPRewriterBase *r = static_cast<IPRewriterBase *>(e);
    if ((uintptr_t) data == h_capacity) {
        Vector<String> words;
        uint32_t n;
        cp_spacevec(cp_uncomment(s), words);
        if (words.empty() || words.size() > 2 || !BoundedIntArg(1, 1 << 26).parse(words[0], n, ArgContext(e, errh))) return errh->error("bad capacity");
        if (n < r->_flows.size()) return errh->error("there are %u flows", r->_flows.size());
        // All flows move to a new table.
        Vector<IPRWFlow> all;
        r->_flows.each([&all](const IPRWFlow &f) { all.push_back(f); });
        if (!r->_flows.reserve(n)) return errh->error("out of memory");
        for (const IPRWFlow &f : all) {
            IPRWFlow *x = r->_flows.insert(f.key[0], f.key[1], f.klass, f.used);
            memcpy(x->output, f.output, sizeof f.output);
            memcpy(x->ip_delta, f.ip_delta, sizeof f.ip_delta), memcpy(x->transport_delta, f.transport_delta, sizeof f.transport_delta);
            x->input = f.input, x->flags = f.flags, x->packets[0] = f.packets[0], x->packets[1] = f.packets[1];
        }
        return 0;
    }
    r->_flows.clear();
    for (IPRWInput &i : r->_inputs) i.count = 0;
    return 0;
}

/** `SADDR SPORT DADDR DPORT` as its flow makes it leave. */
int IPRewriterBase::lookup(int, String &s, Element *e, const Handler *h, ErrorHandler *errh) {
    IPRewriterBase *r = static_cast<IPRewriterBase *>(e);
    Vector<String> w;
    cp_spacevec(cp_uncomment(s), w);
    IPAddress a, b;
    uint16_t sp, dp;
    if (w.size() != 4 || !cp_ip_address(w[0], &a, e) || !IPPortArg(IP_PROTO_TCP).parse(w[1], sp) || !cp_ip_address(w[2], &b, e) || !IPPortArg(IP_PROTO_TCP).parse(w[3], dp))
        return errh->error("expected %<SADDR SPORT DADDR DPORT%>");
    IPRWKey to;
    StringAccum sa;
    if (r->rewritten(IPRWKey{a.addr(), b.addr(), htons(sp), htons(dp), (uint32_t) (uintptr_t) h->read_user_data()}, to))
        sa << IPAddress(to.saddr) << ' ' << (unsigned) ntohs(to.sport) << ' ' << IPAddress(to.daddr) << ' ' << (unsigned) ntohs(to.dport);
    s = sa.take_string();
    return 0;
}

String IPRewriterBase::read_input(Element *e, void *data) { return static_cast<IPRewriterBase *>(e)->_inputs[(int) (uintptr_t) data].unparse(); }

int IPRewriterBase::write_input(const String &s, Element *e, void *data, ErrorHandler *errh) {
    IPRewriterBase *r = static_cast<IPRewriterBase *>(e);
    int i = (int) (uintptr_t) data;
    IPRWInput in;
    if (!in.parse(cp_uncomment(s), e, e->noutputs(), "input spec " + String(i), errh)) return -EINVAL;
    if (in.kind == IPRWInput::mapper && in.mapping->check(e->noutputs(), errh) < 0) return -EINVAL;
    in.count = r->_inputs[i].count;
    r->_inputs[i] = in;
    return 0;
}

void IPRewriterBase::add_handlers() {
    bool both = _protocols == (for_tcp | for_udp);
    if (both) {
        add_read_handler("tcp_table", read, h_tcp, Handler::f_expensive);
        add_read_handler("udp_table", read, h_udp, Handler::f_expensive);
        add_read_handler("tcp_mappings", read, h_tcp, Handler::f_deprecated);
        add_read_handler("udp_mappings", read, h_udp, Handler::f_deprecated);
        set_handler("tcp_lookup", Handler::f_read | Handler::f_read_param, lookup, IP_PROTO_TCP);
        set_handler("udp_lookup", Handler::f_read | Handler::f_read_param, lookup, IP_PROTO_UDP);
    } else {
        int h = _protocols & for_tcp ? h_tcp : _protocols & for_udp ? h_udp : h_ping;
        add_read_handler("table", read, h, Handler::f_expensive);
        add_read_handler("mappings", read, h, Handler::f_deprecated);
        if (h != h_ping) set_handler("lookup", Handler::f_read | Handler::f_read_param, lookup, h == h_tcp ? IP_PROTO_TCP : IP_PROTO_UDP);
    }
    add_read_handler("table_size", read, h_size);
    add_read_handler("nmappings", read, h_size, Handler::f_deprecated);
    add_read_handler("size", read, h_size);
    add_read_handler("mapping_failures", read, h_failures);
    add_read_handler("patterns", read, h_patterns);
    add_read_handler("capacity", read, h_capacity);
    add_write_handler("capacity", write, h_capacity);
    add_write_handler("clear", write, h_clear, Handler::f_button);
    for (int i = 0; i < ninputs(); ++i) {
        add_read_handler("pattern" + String(i), read_input, i);
        add_write_handler("pattern" + String(i), write_input, i);
    }
}

CLICK_ENDDECLS
