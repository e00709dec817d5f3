// GTPTable's state from text (gtpstate.hh).
#include <click/config.h>
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/etheraddress.hh>
#include <click/straccum.hh>
#include <clicknet/ip.h>
#include "gtpstate.hh"
#include <algorithm>
#include <initializer_list>
CLICK_DECLS

namespace {
struct Reader {
    String rest;
    bool ok = true;
    explicit Reader(const String &s) : rest(s) {}
    /** The next field, up to @a sep or the end. */
    String field(char sep) {
        if (!rest) {
            ok = false;
            return String();
        }
        int i = rest.find_left(sep);
        String f = rest.substring(0, i < 0 ? rest.length() : i);
        rest = i < 0 ? String() : rest.substring(i + 1);
        return f;
    }
    template <typename T> void number(char sep, T &x, uint64_t max) {
        uint64_t v;
        String f = field(sep);
        bool digits = f.length() > 0;
        for (char c : f) digits &= isdigit((unsigned char) c) != 0;
        if (!digits || (f.length() > 1 && f[0] == '0') || !cp_integer(f, &v) || v > max) ok = false;
        else x = (T) v;
    }
    void address(char sep, GTPAddress &x) {
        String f = field(sep);
        ok = ok && GTPAddress::parse(f, x) && x.unparse() == f;
    }
    void mac(char sep, uint8_t *x) {
        EtherAddress a;
        if (cp_ethernet_address(field(sep), &a)) memcpy(x, a.data(), 6);
        else ok = false;
    }
    /** TEID@N, where there are @a npaths. */
    void tunnel(char sep, GTPTunnel &t, uint32_t least, uint32_t npaths) {
        Reader f(field(sep));
        f.number('@', t.teid, UINT32_MAX);
        f.number('@', t.path, npaths);
        ok = ok && f.ok && !f.rest && t.path >= least;
    }
    template <typename T> void counters(char sep, T &x) {
        Reader n(field(sep));
        uint64_t *all[] = {&x.packets[0], &x.bytes[0], &x.packets[1], &x.bytes[1], &x.breakout_packets, &x.breakout_bytes};
        for (uint64_t *c : all)
            n.number('/', *c, UINT64_MAX);
        ok = ok && n.ok && !n.rest;
    }
    void leg(char sep, GTPLeg &leg) {
        Reader f(field(sep));
        if (f.rest == "-")
            return;
        f.mac('/', leg.src);
        f.mac('/', leg.dst);
        f.number('/', leg.vlan_tci, 65535);
        String known = f.field('/');
        leg.known = known == "seen" ? GTPLeg::seen : GTPLeg::assumed;
        ok = ok && f.ok && !f.rest && (known == "seen" || known == "assumed");
    }
};

struct PathLine { GTPPathKey k; GTPPath p; };
struct SessionLine { GTPSessionKey k; GTPSession s; int first_bearer; };
struct FlowLine { GTPAddress ue, remote; GTPFlowKey k; GTPFlow f; };

bool get_path(Reader &r, uint32_t expected, PathLine &x) {
    uint32_t n = 0, tpid = 0, vid = 0;
    r.number(' ', n, UINT32_MAX);
    r.address(' ', x.k.enb);
    r.address(' ', x.k.core);
    Reader vlan(r.field(' '));
    vlan.number('/', tpid, 65535);
    vlan.number('/', vid, 4095);
    x.k.vlan = tpid << 16 | vid;
    r.leg(' ', x.p.leg[GTP_UPLINK]);
    r.leg(' ', x.p.leg[GTP_DOWNLINK]);
    r.counters(' ', x.p);
    return r.ok && !r.rest && vlan.ok && !vlan.rest && (tpid || !vid) && n == expected;
}

bool get_bearer(Reader f, uint32_t npaths, GTPBearer &b) {
    for (GTPTunnel *t : {&b.up, &b.down}) {
        Reader peek(f.rest);
        if (peek.field(',') == "-")
            f.field(',');
        else
            f.tunnel(',', *t, 1, npaths);
    }
    f.number(',', b.ebi, 255);
    f.number(',', b.sequence, 65535);
    String flags = f.field(',');
    int at = 0;
    for (const GTPStateFlag &x : gtp_state_flags)
        if (at < flags.length() && flags[at] == x.letter)
            b.flags |= x.flag, ++at;
    return f.ok && !f.rest && (b.flags ? at == flags.length() : flags == "-");
}

bool get_session(Reader &r, uint32_t npaths, SessionLine &x, Vector<GTPBearer> &bearers) {
    GTPAddress ue = {};
    r.address(' ', ue);
    x.k = ue.is4() ? GTPSessionKey::of4(ue.v4()) : GTPSessionKey::of6(ue.data());
    r.number(' ', x.s.last_seen, UINT32_MAX);
    GTPCounts counts = {};
    r.counters(' ', counts);
    x.s.set_counts(counts);
    x.first_bearer = bearers.size();
    while (r.ok && r.rest) {
        GTPBearer b = {};
        if (x.s.nbearers++ == GTPSession::max_bearers || !get_bearer(Reader(r.field(' ')), npaths, b))
            return false;
        bearers.push_back(b);
    }
    return r.ok && x.k.usable() && x.k.address() == ue;
}

bool get_flow(Reader &r, uint32_t npaths, FlowLine &x) {
    uint16_t port = 0, remote_port = 0;
    r.number(' ', x.k.proto, 255);
    r.address(' ', x.ue);
    r.number(' ', port, 65535);
    r.address(' ', x.remote);
    r.number(' ', remote_port, 65535);
    x.k.ue_port = htons(port), x.k.remote_port = htons(remote_port);
    String way = r.field(' '), phase = r.field(' ');
    x.f.breakout = way == "breakout", x.f.closing = phase == "closing";
    r.number(' ', x.f.tenant, 255);
    r.number(' ', x.f.qfi, 255);
    r.tunnel(' ', x.f.up, 0, npaths);
    r.number(' ', x.f.last_seen, UINT32_MAX);
    return r.ok && !r.rest && (x.f.breakout || way == "core") && (x.f.closing || phase == "open") && (!x.ue.is4() || x.remote.is4());
}
}

/** These from the one that has been idle for longest to the one that was used last, as the tables are to have them. @a idle says how long. */
template <typename T, typename F> static Vector<int> oldest_first(const Vector<T> &all, F idle) {
    Vector<int> order;
    order.reserve(all.size());
    for (int i = 0; i < all.size(); ++i)
        order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return idle(all[a]) > idle(all[b]); });
    return order;
}

int GTPTable::import_state(const String &text, ErrorHandler *errh) {
    struct AnnouncedLine { EndpointKey k; Announced a; };
    Vector<PathLine> paths;
    Vector<SessionLine> sessions;
    Vector<GTPBearer> bearers;
    Vector<AnnouncedLine> announced;
    Vector<FlowLine> flows;
    uint32_t nflow[2][2] = {};
    bool ended = false;
    int number = 0;
    for (int at = 0; at < text.length(); ) {
        int eol = text.find_left('\n', at);
        if (eol < 0)
            return errh->error("state is cut off after line %d", number);
        Reader r(text.substring(at, eol - at));
        ++number;
        if (ended)
            return errh->error("state line %d: text after the end", number);
        String kind = r.field(' ');
        if (number == 1) {
            if (kind != "lightmano-gtp-state")
                return errh->error("this is not a GTPTable state");
            uint32_t version = 0;
            r.number(' ', version, UINT32_MAX);
            if (!r.ok || r.rest)
                return errh->error("state line 1: bad version");
            if (version != 2)
                return errh->error("state version %u is not known, only 2", version);
        } else if (kind == "path") {
            PathLine x = {};
            if (!get_path(r, (uint32_t) paths.size() + 1, x))
                return errh->error("state line %d: bad path", number);
            paths.push_back(x);
        } else if (kind == "session") {
            SessionLine x = {};
            if (!get_session(r, (uint32_t) paths.size(), x, bearers))
                return errh->error("state line %d: bad session", number);
            sessions.push_back(x);
        } else if (kind == "announced") {
            AnnouncedLine x = {};
            r.address(' ', x.k.end.address);
            r.number(' ', x.k.end.teid, UINT32_MAX);
            Reader peek(r.rest);
            if (peek.field(' ') == "-")
                r.field(' ');
            else
                r.address(' ', x.a.downlink.address);
            r.number(' ', x.a.downlink.teid, x.a.downlink ? UINT32_MAX : 0);
            r.number(' ', x.a.ebi, 255);
            r.number(' ', x.a.last_seen, UINT32_MAX);
            if (!r.ok || r.rest)
                return errh->error("state line %d: bad announcement", number);
            announced.push_back(x);
        } else if (kind == "flow") {
            FlowLine x = {};
            if (!get_flow(r, (uint32_t) paths.size(), x))
                return errh->error("state line %d: bad flow", number);
            ++nflow[!x.ue.is4()][x.k.proto != IP_PROTO_TCP];
            flows.push_back(x);
        } else if (kind == "end") {
            uint32_t np = 0, ns = 0, na = 0, nf = 0;
            r.number(' ', np, UINT32_MAX);
            r.number(' ', ns, UINT32_MAX);
            r.number(' ', na, UINT32_MAX);
            r.number(' ', nf, UINT32_MAX);
            StringAccum sum;
            sum.snprintf(16, "%08x", gtp_state_crc(0, text.begin(), text.begin() + at));
            if (!r.ok || np != (uint32_t) paths.size() || ns != (uint32_t) sessions.size() || na != (uint32_t) announced.size() || nf != (uint32_t) flows.size())
                return errh->error("state line %d: counts do not agree", number);
            if (r.rest != sum.take_string())
                return errh->error("state checksum does not match");
            ended = true;
        } else
            return errh->error("state line %d: expected path, session, announced, flow or end", number);
        at = eol + 1;
    }
    if (!ended)
        return errh->error("state is cut off after line %d", number);
    uint32_t most = 0;
    for (auto &family : nflow)
        for (uint32_t n : family)
            most = n > most ? n : most;
    if ((uint32_t) sessions.size() > _sessions.capacity() || (uint32_t) paths.size() > _paths.capacity() || (uint32_t) announced.size() > _announced.capacity()
        || most > _flow_capacity)
        return errh->error("state holds %d sessions, %d paths and %d flows, more than this table can", sessions.size(), paths.size(), flows.size());

    // All is sound: now, and only now, it replaces what is there.
    clear();
    _paths.clear();
    uint32_t t = now();
    auto since = [t](uint32_t idle) { return idle < t ? t - idle : 0; };
    Vector<uint32_t> numbers(1, 0);
    for (PathLine &x : paths) {
        GTPPath *p = _paths.find(x.k);
        if (!p) {
            p = _paths.insert(x.k, t);
            *p = x.p;
            p->last_seen = t;
        }
        numbers.push_back(_paths.id(p));
    }
    // What comes twice was read once before and once after it changed: the newer one counts.
    for (int at : oldest_first(sessions, [](const SessionLine &x) { return x.s.last_seen; })) {
        SessionLine &x = sessions[at];
        if (GTPSession *older = _sessions.find(x.k))
            drop_session(older);
        GTPSession *s = _sessions.insert(x.k, since(x.s.last_seen));
        int n = x.s.nbearers;
        x.s.nbearers = 0;
        *s = x.s;
        s->last_seen = since(x.s.last_seen);
        for (int i = 0; i < n; ++i) {
            const GTPBearer &from = bearers[x.first_bearer + i];
            GTPBearer *b = new_bearer(*s);
            b->flags = from.flags, b->ebi = from.ebi, b->sequence = from.sequence, b->used = s->last_seen;
            if (from.up.path)
                set_tunnel(*s, *b, GTP_UPLINK, GTPTunnel{from.up.teid, numbers[from.up.path]});
            if (from.down.path)
                set_tunnel(*s, *b, GTP_DOWNLINK, GTPTunnel{from.down.teid, numbers[from.down.path]});
        }
    }
    for (int at : oldest_first(announced, [](const AnnouncedLine &x) { return x.a.last_seen; })) {
        AnnouncedLine &x = announced[at];
        _announced.erase(x.k);
        x.a.last_seen = since(x.a.last_seen);
        *_announced.insert(x.k, x.a.last_seen) = x.a;
    }
    auto put = [&](auto &table, const auto &k, GTPFlow f) {
        table.erase(k);
        f.last_seen = since(f.last_seen);
        f.up.path = numbers[f.up.path];
        *table.insert(k, f.last_seen) = f;
    };
    for (int at : oldest_first(flows, [](const FlowLine &x) { return x.f.last_seen; })) {
        FlowLine &x = flows[at];
        bool other = x.k.proto != IP_PROTO_TCP;
        if (x.ue.is4()) {
            x.k.ue = x.ue.v4(), x.k.remote = x.remote.v4();
            put(_flows[other], x.k, x.f);
        } else
            put(_flows6[other], GTPFlowKey6{{x.ue.word[0], x.ue.word[1]}, {x.remote.word[0], x.remote.word[1]}, x.k.ue_port, x.k.remote_port, x.k.proto}, x.f);
    }
    return 0;
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPStateIn)
