// GTPFastPath: what it tells.
#include <click/config.h>
#include "gtpfastpath.hh"
#include <click/straccum.hh>
CLICK_DECLS

static const char *const port_names[] = {"ran", "core", "local"};
static const char *const hook_names[] = {" generic", " native", " tc"};
static const char *const reason_names[] = {"hit", "not_gtp", "fragment", "malformed", "signalling", "unusual", "tcp_flags", "unknown", "void", "lease", "renewal",
                                           "dscp", "too_long", "checksum", "no_room", "super"};
static_assert(sizeof reason_names / sizeof *reason_names == gtpfast_nreasons, "a name for each");

const char *GTPFastPath::reason_name(int reason) { return reason_names[reason]; }

static String address(const uint32_t *a) {
    GTPAddress x;
    memcpy(x.word, a, 16);
    return x.unparse();
}

uint64_t GTPFastPath::sum_of(int port, int reason) const {
    uint64_t sum = 0;
    for (int cpu = 0; _kernel && cpu < _kernel->ncpus; ++cpu) {
        const gtpfast_counters &c = _kernel->counters(cpu);
        sum += reason < 0 ? c.bytes[port] : c.packets[port][reason];
    }
    return sum;
}

String GTPFastPath::unparse_state() const { return _active ? String("on") : _loader.busy() ? String("loading") : "off: " + _why; }

String GTPFastPath::unparse_status() const {
    if (!_active)
        return unparse_state();
    StringAccum sa;
    sa << "active:";
    for (int i = 0; i < gtpfast_nports; ++i)
        sa << (i ? ", " : " ") << port_names[i] << ' ' << _kernel->devices[i].name << hook_names[(int) _kernel->devices[i].hook];
    return sa.take_string();
}

String GTPFastPath::unparse_stats() const {
    StringAccum sa;
    sa << "{\"active\":" << _active << ",\"offloaded\":" << _installed.size() << ",\"installed\":" << _stats.installed << ",\"removed\":" << _stats.removed
       << ",\"replaced\":" << _stats.replaced << ",\"full\":" << _stats.full << ",\"failed\":" << _stats.failed;
    uint64_t lost = 0;
    for (int cpu = 0; _kernel && cpu < _kernel->ncpus; ++cpu)
        lost += _kernel->counters(cpu).lost;
    sa << ",\"lost\":" << lost;
    for (int port = 0; port < gtpfast_nports; ++port) {
        sa << ",\"" << port_names[port] << "\":{\"packets\":" << sum_of(port, gtpfast_hit) << ",\"bytes\":" << sum_of(port, -1) << ",\"up\":{";
        for (int reason = gtpfast_hit + 1; reason < gtpfast_nreasons; ++reason)
            sa << (reason > 1 ? "," : "") << '"' << reason_names[reason] << "\":" << sum_of(port, reason);
        sa << "}}";
    }
    sa << '}';
    return sa.take_string();
}

String GTPFastPath::unparse_offloaded() {
    StringAccum sa;
    const int64_t now = Timestamp::recent_steady().nsecval();
    sa << '[';
    _installed.each([&](const Id &id, const Installed &x) {
        const gtpfast_slot &s = _kernel->slot(x.slot);
        const int64_t idle = s.seen_ns ? (now - (int64_t) s.seen_ns) / Timestamp::nsec_per_sec : -1;
        sa << (sa.length() > 1 ? ",\n" : "\n") << "{\"direction\":\"" << (s.key.kind == gtpfast_uplink ? "uplink" : "downlink")
           << "\",\"way\":\"" << (s.action == gtpfast_forward ? "core" : "breakout") << "\",\"ue\":\"" << address(id.ue()) << '"';
        if (s.key.kind != gtpfast_downlink)
            sa << ",\"protocol\":" << (int) id.k.proto << ",\"uePort\":" << ntohs(id.ue_port()) << ",\"remote\":\"" << address(id.remote())
               << "\",\"remotePort\":" << ntohs(id.remote_port());
        if (s.key.kind != gtpfast_leg)
            sa << ",\"teid\":" << ntohl(s.key.teid) << ",\"from\":\"" << address(s.ends.src) << "\",\"to\":\"" << address(s.ends.dst) << '"';
        if (_credit.has_rules() && s.key.kind == gtpfast_uplink)
            sa << ",\"rule\":" << x.rule + 1;
        const Traffic more = since(x.traffic, _kernel->traffic(x.slot));
        sa << ",\"packets\":" << x.packets + more.packets << ",\"bytes\":" << x.bytes + more.bytes << ",\"idleSeconds\":";
        if (s.seen_ns)
            sa << (idle < 0 ? 0 : idle);
        else
            sa << "null";
        sa << '}';
    });
    sa << (_installed.size() ? "\n]" : "]");
    return sa.take_string();
}

enum { h_status, h_state, h_active, h_stats, h_offloaded, h_hits };

String GTPFastPath::read(Element *e, void *data) {
    GTPFastPath *f = static_cast<GTPFastPath *>(e);
    f->look_at_loader();
    switch ((uintptr_t) data) {
    case h_status: return f->unparse_status();
    case h_state: return f->unparse_state();
    case h_active: return String(f->_active);
    case h_stats: return f->unparse_stats();
    case h_offloaded: return f->unparse_offloaded();
    default: return String(f->sum_of(gtpfast_ran, gtpfast_hit) + f->sum_of(gtpfast_core, gtpfast_hit) + f->sum_of(gtpfast_local, gtpfast_hit));
    }
}

int GTPFastPath::flush(const String &, Element *e, void *, ErrorHandler *) {
    GTPFastPath *f = static_cast<GTPFastPath *>(e);
    if (f->_kernel)
        f->empty();
    return 0;
}

void GTPFastPath::add_handlers() {
    add_read_handler("status", read, h_status);
    add_read_handler("state", read, h_state);
    add_read_handler("active", read, h_active);
    add_read_handler("stats", read, h_stats);
    add_read_handler("offloaded", read, h_offloaded, Handler::f_expensive);
    add_read_handler("hits", read, h_hits);
    add_write_handler("flush", flush, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel GTPTable)
