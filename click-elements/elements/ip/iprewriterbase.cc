#include <click/config.h>
#include "iprewriterbase.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <clicknet/icmp.h>
#include <clicknet/tcp.h>
CLICK_DECLS

int IPRewriterBase::configure(Vector<String> &conf, ErrorHandler *errh) {
    uint32_t nodata = 300, tcp = 86400, done = 240, tcp_guarantee = 5, udp = 300, streaming = 0, udp_guarantee = 5;
    bool has_streaming = false;
    Args args(conf, this, errh);
    if (_protocols & for_tcp)
        args.read("TCP_NODATA_TIMEOUT", SecondsArg(), nodata).read("TCP_TIMEOUT", SecondsArg(), tcp).read("TCP_DONE_TIMEOUT", SecondsArg(), done)
            .read("TCP_GUARANTEE", SecondsArg(), tcp_guarantee);
    if (_protocols == (for_tcp | for_udp))
        args.read("UDP_TIMEOUT", SecondsArg(), udp).read("UDP_STREAMING_TIMEOUT", SecondsArg(), streaming).read_status(has_streaming).read("UDP_GUARANTEE", SecondsArg(), udp_guarantee);
    else if (!(_protocols & for_tcp))
        args.read("TIMEOUT", SecondsArg(), udp).read("STREAMING_TIMEOUT", SecondsArg(), streaming).read_status(has_streaming).read("GUARANTEE", SecondsArg(), udp_guarantee);
    Vector<String> specs;
    if (args.read("REAP_INTERVAL", SecondsArg(), _reap).read("MAPPING_CAPACITY", BoundedIntArg(1, 1 << 26), _wanted).read("DST_ANNO", _dst_anno)
            .read_all("INPUT", AnyArg(), specs).complete() < 0) return -1;
    if (specs.size() != ninputs()) return errh->error("need %d arguments, one per input port", ninputs());
    const uint32_t timeouts[] = {nodata, tcp, done, udp, has_streaming ? streaming : udp};
    memcpy(_flows.timeouts, timeouts, sizeof timeouts);
    _flows.guarantee[0] = tcp_guarantee, _flows.guarantee[1] = udp_guarantee;
    _inputs.resize(specs.size());
    bool good = true;
    for (int i = 0; i < specs.size(); ++i) {
        String what = "input spec " + String(i);
        good = _inputs[i].parse(specs[i], this, noutputs(), what, errh) && good;
        if (good && _inputs[i].kind == IPRWInput::mapper) {
            PrefixErrorHandler prefix(errh, what + ": ");
            good = _inputs[i].mapping->check(noutputs(), &prefix) >= 0;
        }
    }
    return good ? 0 : -1;
}

int IPRewriterBase::initialize(ErrorHandler *errh) {
    if (!_flows.reserve(_wanted)) return errh->error("out of memory");
    _timer.initialize(this);
    if (_reap) _timer.schedule_after_sec(_reap);
    return 0;
}

void IPRewriterBase::expire(uint32_t now) {
    _flows.expire(now, [this](IPRWFlow *f) { --_inputs[f->input].count; });
}

void IPRewriterBase::run_timer(Timer *) {
    expire(IPRWFlows::now());
    _timer.reschedule_after_sec(_reap);
}

void IPRewriterBase::forget(IPRWFlow *f) {
    --_inputs[f->input].count;
    _flows.erase(f);
}

/** Flows whose input and outputs are still there go on. */
void IPRewriterBase::take_state(Element *old, ErrorHandler *) {
    IPRewriterBase *o = (IPRewriterBase *) old->cast("IPRewriterBase");
    if (!o || o->_protocols != _protocols) return;
    uint32_t now = IPRWFlows::now();
    o->_flows.each([this, now, o](const IPRWFlow &f) {
        if (o->_flows.expired(f, now) || f.input >= _inputs.size() || f.output[0] >= noutputs() || f.output[1] >= noutputs()) return;
        IPRWFlow *n = _flows.insert(f.key[0], f.key[1], f.klass, f.used);
        if (!n) return;
        memcpy(n->output, f.output, sizeof f.output);
        memcpy(n->ip_delta, f.ip_delta, sizeof f.ip_delta), memcpy(n->transport_delta, f.transport_delta, sizeof f.transport_delta);
        n->input = f.input, n->flags = f.flags, n->packets[0] = f.packets[0], n->packets[1] = f.packets[1];
        ++_inputs[n->input].count;
    });
    for (int i = 0; i < _inputs.size() && i < o->_inputs.size(); ++i) _inputs[i].the_pattern().next = o->_inputs[i].the_pattern().next;
}

/** A ping's identifier is in the place of the asker's port. */
bool IPRewriterBase::key_of(const click_ip *ip, const IPPayload &t, IPRWKey &k) const {
    if (!IP_FIRSTFRAG(ip)) return false;
    k.saddr = ip->ip_src.s_addr, k.daddr = ip->ip_dst.s_addr, k.proto = ip->ip_p;
    if (_protocols & for_ping) {
        if (ip->ip_p != IP_PROTO_ICMP || t.length < 8 || (t.data[0] != ICMP_ECHO && t.data[0] != ICMP_ECHOREPLY)) return false;
        k.sport = k.dport = 0;
        memcpy(t.data[0] == ICMP_ECHO ? &k.sport : &k.dport, t.data + 4, 2);
        return true;
    }
    if (ip->ip_p == IP_PROTO_TCP ? !(_protocols & for_tcp) || t.length < 18 : ip->ip_p != IP_PROTO_UDP || !(_protocols & for_udp) || t.length < 8) return false;
    memcpy(&k.sport, t.data, 4);
    return true;
}

static uint32_t fold(uint32_t s) {
    s = (s & 0xFFFF) + (s >> 16);
    return (s & 0xFFFF) + (s >> 16);
}
static uint32_t words(uint32_t x) { return (x & 0xFFFF) + (x >> 16); }
static uint32_t without(uint32_t x) { return words(~x); }
/** What a change from @a a to @a b adds to ~sum: of the addresses, and of everything. */
static uint32_t address_delta(const IPRWKey &a, const IPRWKey &b) { return fold(without(a.saddr) + without(a.daddr) + words(b.saddr) + words(b.daddr)); }
static uint32_t port_delta(const IPRWKey &a, const IPRWKey &b) { return fold((uint16_t) ~a.sport + (uint16_t) ~a.dport + (uint32_t) b.sport + b.dport); }
static uint16_t adjusted(uint16_t sum, uint16_t delta) { return (uint16_t) ~fold((~sum & 0xFFFFU) + delta); }

IPRWFlow *IPRewriterBase::install(IPRWInput &in, IPRWInput &owner, int port, const IPRWKey &k, uint32_t now) {
    IPRWKey to = k;
    if (in.kind != IPRWInput::keep && in.kind != IPRWInput::pattern) return nullptr;
    if (in.kind == IPRWInput::pattern && !in.the_pattern().rewrite(k, to, _flows)) return nullptr;
    int way;
    IPRWKey back = to.reverse();
    // Without a range to choose from, a flow whose replies would be mistaken for another's takes its place.
    while (IPRWFlow *other = _flows.find(back, way)) forget(other);
    if (back == k) return nullptr;
    if (_flows.full()) expire(now);
    if (_flows.full()) {
        IPRWFlow *v = _flows.victim(now);
        if (!v) return nullptr;
        forget(v);
    }
    IPRWFlow *f = _flows.insert(k, back, k.proto == IP_PROTO_TCP ? IPRWFlow::tcp_nodata : IPRWFlow::udp, now);
    f->output[0] = (uint16_t) in.foutput, f->output[1] = (uint16_t) in.routput, f->input = (uint16_t) port;
    for (int w = 0; w < 2; ++w) {
        IPRWKey after = f->rewritten(w);
        f->ip_delta[w] = (uint16_t) address_delta(f->key[w], after);
        // The ICMP checksum is not over the addresses.
        f->transport_delta[w] = (uint16_t) fold((k.proto == IP_PROTO_ICMP ? 0 : f->ip_delta[w]) + port_delta(f->key[w], after));
    }
    ++owner.count;
    return f;
}

IPRWFlow *IPRewriterBase::add(IPRWInput &in, int port, const IPRWKey &k, uint32_t now) {
    IPRWFlow *f = nullptr;
    if (in.kind != IPRWInput::mapper) f = install(in, in, port, k, now);
    else
        for (int attempt = 0; !f; ++attempt) {
            IPRWInput *choice = in.mapping->map(k, attempt);
            if (!choice) break;
            f = install(*choice, in, port, k, now);
        }
    _failures += !f;
    return f;
}

/** Keep a flow's state, and with it the time it may idle. */
inline void IPRewriterBase::note(IPRWFlow *f, int way, const click_ip *ip, const IPPayload &t, uint32_t now, IPRWFlows &flows) {
    uint8_t klass;
    if (ip->ip_p == IP_PROTO_TCP) {
        uint8_t flags = t.data[13];
        if (flags & TH_SYN && f->klass == IPRWFlow::tcp_done) f->flags = 0;         // the ports are used again
        if (t.length > (t.data[12] >> 4) * 4U) f->flags |= way ? IPRWFlow::data1 : IPRWFlow::data0;
        if (flags & TH_FIN) f->flags |= way ? IPRWFlow::fin1 : IPRWFlow::fin0;
        if (flags & TH_RST) f->flags |= IPRWFlow::reset;
        klass = f->flags & IPRWFlow::reset || (f->flags & (IPRWFlow::fin0 | IPRWFlow::fin1)) == (IPRWFlow::fin0 | IPRWFlow::fin1) ? IPRWFlow::tcp_done
            : (f->flags & (IPRWFlow::data0 | IPRWFlow::data1)) == (IPRWFlow::data0 | IPRWFlow::data1) ? IPRWFlow::tcp : IPRWFlow::tcp_nodata;
    } else {
        if (f->packets[way] < 3) ++f->packets[way];
        klass = f->packets[0] && f->packets[1] && f->packets[0] + f->packets[1] >= 3 ? IPRWFlow::udp_streaming : IPRWFlow::udp;
    }
    flows.touch(f, klass, now);
}

inline void IPRewriterBase::apply(const IPRWFlow *f, int way, click_ip *ip, const IPPayload &t) {
    const IPRWKey &other = f->key[1 - way];
    unsigned char *d = const_cast<unsigned char *>(t.data);
    ip->ip_src.s_addr = other.daddr, ip->ip_dst.s_addr = other.saddr;
    ip->ip_sum = adjusted(ip->ip_sum, f->ip_delta[way]);
    int at = ip->ip_p == IP_PROTO_TCP ? 16 : ip->ip_p == IP_PROTO_UDP ? 6 : 2;
    if (at == 2) memcpy(d + 4, way ? &other.sport : &other.dport, 2);
    else {
        memcpy(d, &other.dport, 2);
        memcpy(d + 2, &other.sport, 2);
    }
    uint16_t sum;
    memcpy(&sum, d + at, 2);
    if (at == 6 && !sum) return;
    sum = adjusted(sum, f->transport_delta[way]);
    if (at == 6) sum = udp_sum(sum);
    memcpy(d + at, &sum, 2);
}

/** The output for @a p, or -1 if it is to be dropped; @a p is null if memory ran out. */
int IPRewriterBase::process(int port, Packet *&p) {
    IPRWInput &in = _inputs[port];
    const click_ip *ip = ip_whole_header(p);
    IPRWKey k;
    if (!ip || !key_of(ip, IPPayload(p, ip), k)) return in.kind == IPRWInput::pass ? in.foutput : -1;
    uint32_t now = IPRWFlows::now();
    int way = 0;
    IPRWFlow *f = _flows.find(k, way);
    if (f && unlikely(_flows.expired(*f, now))) {
        forget(f);
        f = nullptr;
    }
    if (!f) {
        way = 0;
        if (in.kind == IPRWInput::pass) return in.foutput;
        // An unexpected echo reply begins no flow.
        if (in.kind == IPRWInput::drop || (k.proto == IP_PROTO_ICMP && !k.sport && k.dport) || !(f = add(in, port, k, now))) return -1;
    }
    WritablePacket *q = p->uniqueify();
    p = q;
    if (!q) return -1;
    click_ip *w = q->ip_header();
    IPPayload t(q, w);
    note(f, way, w, t, now, _flows);
    apply(f, way, w, t);
    if (_dst_anno) q->set_dst_ip_anno(IPAddress(w->ip_dst));
    return f->output[way];
}

void IPRewriterBase::push(int port, Packet *p) {
    int o = process(port, p);
    if (o >= 0) output(o).push(p);
    else if (p) p->kill();
}

void IPRewriterBase::push_batch(int port, PacketBatch *batch) {
    BatchBuilder part;                  // a run of packets for one output
    int current = -1;
    FOR_EACH_PACKET_SAFE(batch, p) {
        Packet *q = p;
        int o = process(port, q);
        if (o < 0) {
            if (q) q->kill();
            continue;
        }
        if (o != current) {
            if (PacketBatch *b = part.finish()) output(current).push_batch(b);
            current = o;
        }
        part.append(q);
    }
    if (PacketBatch *b = part.finish()) output(current).push_batch(b);
}

bool IPRewriterBase::rewritten(const IPRWKey &k, IPRWKey &to) const {
    int way;
    IPRWFlow *f = _flows.find(k, way);
    if (!f || _flows.expired(*f, IPRWFlows::now())) return false;
    to = f->rewritten(way);
    return true;
}

CLICK_ENDDECLS
