#include <click/config.h>
#include <click/args.hh>
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/packet.hh>
#include <clicknet/ip.h>
#include <time.h>
#include "gtptrace.hh"
CLICK_DECLS

GTPTrace::~GTPTrace() { forget(); }

void GTPTrace::forget() {
    for (Life *l : _lives)
        delete l;
    _lives.clear();
}

// ---- The handler

int GTPTrace::set(const String &text, ErrorHandler *errh) {
    Vector<String> words;
    cp_spacevec(text, words);
    if (words.empty())
        return errh->error("expected the address of a UE, a TEID, any, or off");
    GTPAddress address;
    uint32_t teid = 0, packets = usual_packets;
    Filter filter = any;
    bool slow = false;
    if (words[0] == "off") {
        if (words.size() > 1)
            return errh->error("off is all there is to say");
        end();
        return 0;
    }
    if (GTPAddress::parse(words[0], address)) filter = of_ue;
    else if (IntArg().parse(words[0], teid)) filter = of_teid;
    else if (words[0] != "any") return errh->error("%<%s%> is neither a UE's address nor a TEID, nor any or off", words[0].c_str());
    for (int i = 1; i < words.size(); ++i) {
        int n;
        if (words[i] == "slow") slow = true;
        else if (BoundedIntArg(1, (int) max_packets).parse(words[i], n)) packets = (uint32_t) n;
        else return errh->error("%<%s%> is neither a number of packets up to %d nor slow", words[i].c_str(), (int) max_packets);
    }
    forget();
    _filter = filter, _slow = slow, _what = words[0], _teid = teid, _packets = _left = packets;
    _ue = filter != of_ue ? GTPSessionKey{} : address.is4() ? GTPSessionKey::of4(address.v4()) : GTPSessionKey::of6(address.data());
    _on = true;
    _table->_tracing = this;
    // All of them are to come by the long way, in the elements and out of the kernel.
    _table->new_generation();
    for (GTPFlowWatcher *w : _table->_watchers)
        if (filter == of_ue) w->ue_changed(_ue.address());
        else w->flows_changed();
    return 0;
}

void GTPTrace::end() {
    _on = false;
    _table->_tracing = nullptr;
}

String GTPTrace::text() const {
    StringAccum sa;
    if (!_what)
        return "off\n";
    sa << (_on && _left ? "tracing " : "traced ") << _what << ": " << _packets - _left << " of " << _packets << " packets\n";
    for (const Life *l : _lives)
        sa << '\n' << l->text;
    return sa.take_string();
}

// ---- Lives

GTPTrace::Life *GTPTrace::begin(Packet *p, const char *from, uint32_t bytes) {
    const Timestamp now = Timestamp::now_steady();
    if (!_left) {
        // The last one may be on its way still.
        if (now - _last > Timestamp(1))
            end();
        return nullptr;
    }
    --_left;
    _last = now;
    _mark = (uint8_t) (_mark % max_packets + 1);
    p->set_anno_u8(GTP_TRACE_ANNO_OFFSET, _mark);
    Life *l = new Life;
    l->mark = _mark;
    _lives.push_back(l);
    const Timestamp at = Timestamp::now();
    const time_t seconds = (time_t) at.sec();
    struct tm tm;
    gmtime_r(&seconds, &tm);
    l->text << _lives.size() << ". from the " << from;
    l->text.snprintf(40, ", %02d:%02d:%02d.%06d", tm.tm_hour, tm.tm_min, tm.tm_sec, (int) at.usec());
    l->text << ", " << bytes << " bytes\n";
    return l;
}

GTPTrace::Life *GTPTrace::find(const Packet *p) const {
    if (const uint8_t mark = p->anno_u8(GTP_TRACE_ANNO_OFFSET))
        for (Life *l : _lives)
            if (l->mark == mark)
                return l;
    return nullptr;
}

void GTPTrace::note(const Packet *p, const char *who, const String &what) {
    if (Life *l = find(p))
        gtp_print_step(l->text, who, what);
}

static String hex(uint32_t x) {
    StringAccum sa;
    sa.snprintf(12, "0x%x", x);
    return sa.take_string();
}

String GTPTrace::bearer_text(const GTPBearer &b) const {
    StringAccum sa;
    auto tunnel = [&](GTPTunnel t, const char *name) {
        if (t.path)
            sa << name << ' ' << hex(t.teid);
        else
            sa << "no " << name << " yet";
    };
    tunnel(b.up, "uplink");
    sa << ", ";
    tunnel(b.down, "downlink");
    if (b.down.path && b.up.path && _table->key_of(&_table->_paths.at(b.down.path)).enb != _table->key_of(&_table->_paths.at(b.up.path)).enb)
        sa << " to " << _table->_paths.key_at(b.down.path).enb.unparse();
    if (b.ebi)
        sa << ", EBI " << (int) b.ebi;
    sa << (b.flags & GTPBearer::idle ? ", idle" : b.flags & GTPBearer::stale ? ", the downlink is stale" : "") << (b.flags & GTPBearer::announced ? ", announced" : "");
    return sa.take_string();
}

// ---- GTPDecap

String GTPTrace::what_was_learned(GTPDirection d, const GTPFrame &f, GTPSessionKey ue, const GTPBearer *before, int nbefore, uint32_t path) const {
    if (!path)
        return ue.usable() ? "nothing is learnt: there is no room for its path" : "nothing is learnt: that is no address of a UE";
    GTPSession *s = _table->_sessions.find(ue);
    for (int i = 0; s && i < s->nbearers; ++i) {
        const GTPBearer &b = _table->bearer(*s, i);
        const GTPTunnel here = {f.teid, path}, &now = d == GTP_UPLINK ? b.up : b.down, was = i >= nbefore ? GTPTunnel{0, 0} : d == GTP_UPLINK ? before[i].up : before[i].down;
        if (!(now == here))
            continue;
        StringAccum sa;
        if (i >= nbefore)
            sa << (nbefore < 0 ? "new UE, new bearer" : "new bearer");
        else if (was == here)
            sa << "known bearer" << (before[i].flags & GTPBearer::stale && !(b.flags & GTPBearer::stale) ? ", in use again" : "");
        else if (!was.path)
            sa << "the other half of a bearer that is known";
        else if (d == GTP_UPLINK && _table->_paths.key_at(was.path).enb == f.src)
            sa << "a known bearer, now on " << (f.vlan_tpid ? "another VLAN" : "no VLAN");
        else if (d == GTP_UPLINK)
            sa << "the UE has moved here from " << _table->_paths.key_at(was.path).enb.unparse();
        else
            sa << "the core has changed tunnels; the last was " << hex(was.teid) << " to " << _table->_paths.key_at(was.path).enb.unparse();
        sa << ": " << bearer_text(b);
        return sa.take_string();
    }
    return "counted in its path; nothing is learnt of its tunnel";
}

uint32_t GTPTrace::learn(Packet *p, GTPDirection d, const GTPFrame &f, GTPSessionKey ue, const uint32_t *hash) {
    const unsigned char *frame = p->data();
    Life *l = wants(ue, f.teid) ? begin(p, d == GTP_UPLINK ? "RAN" : "core", p->length()) : nullptr;
    if (!l)
        return _table->learn(d, f, frame, ue, hash);
    gtp_print_outer(l->text, frame, f);
    gtp_print_inner(l->text, frame + f.inner, f.end - f.inner, d == GTP_UPLINK);
    GTPBearer before[GTPSession::max_bearers];
    int nbefore = -1;
    if (GTPSession *s = _table->_sessions.find(ue))
        for (nbefore = 0; nbefore < s->nbearers; ++nbefore)
            before[nbefore] = _table->bearer(*s, nbefore);
    const uint32_t path = _table->learn(d, f, frame, ue, hash);
    gtp_print_step(l->text, "decap", what_was_learned(d, f, ue, before, nbefore, path));
    return path;
}

void GTPTrace::not_gpdu(Packet *p, GTPDirection d, const GTPFrame &f, bool dropped) {
    // Without a UE; with a TEID, if its header is there and says so.
    if (_filter == of_ue || (_filter == of_teid && !(f.gtp && gtp_get32(p->data() + f.gtp + 4) == _teid)))
        return;
    if (Life *l = begin(p, d == GTP_UPLINK ? "RAN" : "core", p->length())) {
        gtp_print_outer(l->text, p->data(), f);
        gtp_print_step(l->text, "decap", String("no G-PDU to be taken out of its tunnel: ") + gtp_reason_name(f.verdict) + (dropped ? "; dropped" : "; passes"));
    }
}

// ---- GTPRules, GTPBreakout

void GTPTrace::rule(const Packet *p, int place, const String &text) { note(p, "rules", place < 0 ? String("none matches: the core's") : "rule " + String(place + 1) + ": " + text); }

GTPFlow *GTPTrace::flow_of(const GTPInner &in) const {
    const bool other = in.protocol != IP_PROTO_TCP;
    return !in.has_ports ? nullptr : in.six ? _table->_flows6[other].find(in.key6()) : _table->_flows[other].find(in.key4());
}

String GTPTrace::why_not_broken_out(const GTPInner &in, GTPTunnel up) const {
    GTPSession *s = _table->_sessions.find(in.session());
    GTPBearer *b = s ? _table->find_uplink(*s, up) : nullptr;
    return !b ? "its bearer is not known" : !b->down.path ? "no downlink tunnel is known to reply in" : "the downlink tunnel is stale";
}

bool GTPTrace::steer(const Packet *p, const GTPInner &in, GTPTunnel up, uint8_t qfi, bool selected, uint8_t &tenant) {
    if (!has(p))
        return _table->steer(in, up, qfi, selected, tenant);
    const bool known = flow_of(in);
    const uint64_t created = _table->_stats.flows_created, no_syn = _table->_stats.no_syn;
    const bool out = _table->steer(in, up, qfi, selected, tenant);
    const char *where = out ? ": broken out" : ": the core's";
    StringAccum sa;
    if (in.later_fragment)
        sa << (out ? "a later fragment, as the first one" : "a later fragment, and the first one was not broken out") << where;
    else if (!in.has_ports)
        sa << "too short for ports" << where;
    else if (_table->_stats.flows_created != created)
        sa << (known ? "new flow, on the ports of one that has ended" : "new flow") << (out ? String() : "; " + why_not_broken_out(in, up)) << where;
    else if (_table->_stats.no_syn != no_syn)
        sa << "selected, but a TCP connection that was there before (no SYN was seen)" << where;
    else
        sa << (known ? "known flow" : "not selected") << where;
    if (out && tenant)
        sa << ", tenant " << (int) tenant;
    note(p, "breakout", sa.take_string());
    return out;
}

// ---- GTPEncap

void GTPTrace::wrapped(Packet *p) {
    const unsigned char *frame = p->data();
    GTPFrame f;
    gtp_parse(frame, p->length(), f);
    const GTPSessionKey ue = GTPTable::ue_of(GTP_DOWNLINK, f, frame);
    if (f.verdict != GTP_GPDU || !wants(ue, f.teid))
        return;
    Life *l = begin(p, "local leg", f.end - f.inner);
    if (!l)
        return;
    gtp_print_inner(l->text, frame + f.inner, f.end - f.inner, false);
    GTPInner in;
    gtp_inner(frame + f.inner, f.end - f.inner, false, in);
    const GTPFlow *flow = flow_of(in);
    GTPSession *const s = _table->_sessions.find(ue);
    const GTPBearer *of_flow = s && flow ? _table->find_uplink(*s, flow->up) : nullptr, *used = nullptr;
    for (int i = 0; s && i < s->nbearers; ++i) {
        const GTPBearer &b = _table->bearer(*s, i);
        if (b.down.teid == f.teid && _table->in_path(b.down.path, GTP_DOWNLINK, f))
            used = &b;
    }
    const char *why = !flow ? "its flow is not known; the bearer last used: " : !of_flow ? "the bearer of its flow has changed since; that last used: "
        : of_flow != used ? "the bearer of its flow has no downlink; that last used: " : "the bearer of its flow: ";
    gtp_print_step(l->text, "encap", why + (used ? bearer_text(*used) : String("gone")));
    gtp_print_outer(l->text, frame, f);
}

void GTPTrace::not_wrapped(Packet *p, const GTPBearer *bearer, uint32_t length, uint32_t mtu) {
    GTPInner in;
    const int version = p->has_network_header() && p->network_length() >= 20 ? p->network_header()[0] >> 4 : 0;
    if (version != 4 && !(version == 6 && p->network_length() >= 40))
        return;
    gtp_inner(p->network_header(), p->network_length(), false, in);
    if (!wants(in.session(), bearer ? bearer->down.teid : 0))
        return;
    Life *l = begin(p, "local leg", p->length());
    if (!l)
        return;
    gtp_print_inner(l->text, p->network_header(), p->network_length(), false);
    StringAccum sa;
    if (!bearer)
        sa << (_table->_sessions.find(in.session()) ? "no downlink tunnel of this UE is known" : "no such UE is known") << ": not put into a tunnel";
    else
        sa << bearer_text(*bearer) << "; it would be " << length << " bytes, and the MTU is " << mtu << ": not put into its tunnel";
    gtp_print_step(l->text, "encap", sa.take_string());
}

// ---- The table's part

void GTPTable::add_trace_handlers() {
    add_read_handler("trace", [](Element *e, void *) {
        GTPTable *t = static_cast<GTPTable *>(e);
        return t->_trace ? t->_trace->text() : String("off\n");
    }, 0);
    add_write_handler("trace", [](const String &s, Element *e, void *, ErrorHandler *errh) {
        GTPTable *t = static_cast<GTPTable *>(e);
        if (!t->_trace)
            t->_trace = new GTPTrace(t);
        return t->_trace->set(s, errh);
    }, 0);
}

void GTPTable::end_trace() {
    delete _trace;
    _trace = _tracing = nullptr;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTraceText)
ELEMENT_PROVIDES(GTPTrace)
