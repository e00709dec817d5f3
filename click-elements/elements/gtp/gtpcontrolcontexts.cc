#include <click/config.h>
#include <click/straccum.hh>
#include "gtpcontrolcontexts.hh"
CLICK_DECLS

typedef GTPControlContexts::Name Name;
typedef GTPControlContexts::Session Session;
typedef GTPControlContexts::Bearer Bearer;
enum { up = GTPControlBearer::uplink, down = GTPControlBearer::downlink };

const char *gtp_control_verdict_name(GTPControlVerdict v) {
    static const char *const names[] = {
        "ok", "other", "fragment", "sctp_fragment", "bad_packet", "short", "bad_version", "bad_length", "bad_ie", "unknown_ie", "bad_encoding", "incomplete",
        "retransmitted", "unmatched", "refused", "no_context"};
    static_assert(sizeof names / sizeof *names == GTPC_NVERDICTS, "a name for each");
    return names[v];
}

bool GTPControlContexts::reserve(uint32_t capacity) {
    // A relation has two or three names, and each of its bearers may have one.
    return _sessions.reserve(capacity, click_random()) && _bearers.reserve(capacity, click_random()) && _names.reserve(capacity * 4, click_random());
}

void GTPControlContexts::clear() {
    _sessions.clear();
    _bearers.clear();
    _names.clear();
}

void GTPControlContexts::copy(const GTPControlContexts &x) {
    copy(_sessions, x._sessions);
    copy(_bearers, x._bearers);
    copy(_names, x._names);
    _next_serial = x._next_serial;
}

void GTPControlContexts::expire(uint32_t now, uint32_t timeout, int budget) {
    for (Session *s; budget && (s = _sessions.oldest()) && now - s->seen > timeout; --budget) erase(s);
}

// ---- Relations and their names

static Name server_name(const Session &s) { return Name{s.server.address, GTPAddress::none(), s.server.teid, Name::gtp_server}; }
static Name client_name(const Session &s) { return Name{s.client.address, s.server.address, s.client.teid, Name::gtp_client}; }

Session *GTPControlContexts::find(const Name &n, uint32_t now) {
    uint64_t *serial = _names.use(n, 0);
    Session *s = serial ? _sessions.use(SessionKey{*serial}, 0) : nullptr;
    if (s) s->seen = now;
    return s;
}

void GTPControlContexts::set_name(const Name &n, const Session &s) {
    uint64_t *serial = _names.use(n, 0);
    if (!serial) serial = _names.insert(n, 0);
    *serial = s.serial;
}

void GTPControlContexts::forget_name(const Name &n, const Session &s) {
    if (names(n, s)) _names.erase(n);
}

Session *GTPControlContexts::add(Protocol protocol, const GTPEndpoint &client, const GTPEndpoint &server, uint32_t now) {
    if (_sessions.size() == _sessions.capacity()) erase(_sessions.oldest());
    Session *s = _sessions.insert(SessionKey{_next_serial}, 0);
    s->serial = _next_serial++;
    s->protocol = protocol, s->client = client, s->server = server, s->seen = now;
    if (protocol != s1ap) {
        set_name(server_name(*s), *s);
        set_name(client_name(*s), *s);
    }
    return s;
}

void GTPControlContexts::rename(Session &s, const GTPEndpoint &client, const GTPEndpoint &server) {
    if (client == s.client && server == s.server) return;
    forget_name(server_name(s), s);
    forget_name(client_name(s), s);
    s.client = client, s.server = server;
    set_name(server_name(s), s);
    set_name(client_name(s), s);
}

void GTPControlContexts::erase(Session *s) {
    for (int ebi = 0; ebi < 16; ++ebi)
        if (s->ebis >> ebi & 1) _bearers.erase(BearerKey{s->serial, (uint64_t) ebi});
    if (s->protocol == s1ap) {
        forget_name(Name{s->server.address, GTPAddress::none(), s->server.teid, Name::mme_any}, *s);
        forget_name(Name{s->server.address, s->client.address, s->server.teid, Name::mme}, *s);
        forget_name(Name{s->client.address, s->server.address, s->client.teid, Name::enb}, *s);
    } else {
        forget_name(server_name(*s), *s);
        forget_name(client_name(*s), *s);
    }
    _sessions.erase(SessionKey{s->serial});
}

// ---- Bearers

Bearer *GTPControlContexts::make_bearer(Session &s, uint8_t ebi) {
    Bearer *b = bearer(s, ebi);
    if (!b) {
        b = _bearers.insert(BearerKey{s.serial, ebi}, 0);
        s.ebis |= (uint16_t) (1u << ebi);
    }
    _bearers.touch(b, 0);
    return b;
}

void GTPControlContexts::erase_bearer(Session &s, uint8_t ebi) {
    _bearers.erase(BearerKey{s.serial, ebi});
    s.ebis &= (uint16_t) ~(1u << ebi);
}

/** The prefix that an address begins with. */
static GTPAddress prefix_of(const GTPAddress &a, uint8_t length) {
    unsigned char b[16];
    for (int i = 0; i < 16; ++i) {
        int bits = length - i * 8;
        b[i] = bits >= 8 ? a.data()[i] : bits <= 0 ? 0 : (unsigned char) (a.data()[i] & 0xFF00 >> bits);
    }
    return GTPAddress::from6(b);
}

void GTPControlContexts::tell(GTPBearerEvent::Kind kind, const Session &s, uint8_t ebi, const Bearer &b) {
    ++events[kind];
    if (!_sink) return;
    GTPBearerEvent e = GTPBearerEvent();
    e.kind = kind, e.ebi = ebi, e.protocol = protocol_name(s.protocol);
    e.uplink = b.named;
    if (b.end[down]) e.downlink = b.end[down].endpoint(b.end[up]);
    e.ue4 = b.ue.v4, e.ue6 = prefix_of(b.ue.v6, b.ue.v6_prefix_length), e.ue6_prefix_length = b.ue.v6_prefix_length;
    _sink->bearer_event(e);
}

static bool same(const GTPControlUE &a, const GTPControlUE &b) { return a.v4 == b.v4 && a.v6 == b.v6 && a.v6_prefix_length == b.v6_prefix_length; }

void GTPControlContexts::set(Session &s, uint8_t ebi, const Change &c) {
    Bearer &b = *make_bearer(s, ebi);
    const Bearer before = b;
    for (int side = 0; side < 2; ++side)
        if (c.end[side]) b.end[side] = c.end[side];
    if (c.ue) b.ue = c.ue;
    if (c.linked) b.linked = c.linked;
    if (!b.end[up]) return;                     // it has no name yet
    // Of a core's end with addresses of both kinds, the downlink says which one is used; while there is none, it stays what it was.
    if (b.end[down] || !before.named || !(b.end[up] == before.end[up])) b.named = b.end[up].endpoint(b.end[down]);
    bool is_new = !before.named || !(before.named == b.named) || !same(before.ue, b.ue);
    if (before.named && is_new) tell(GTPBearerEvent::release, s, ebi, before);
    if (is_new) tell(c.resumed && !before.named ? GTPBearerEvent::modify : GTPBearerEvent::setup, s, ebi, b);
    else if (!(before.end[down] == b.end[down])) tell(GTPBearerEvent::modify, s, ebi, b);
}

void GTPControlContexts::suspend(Session &s, uint8_t ebi) {
    Bearer *b = bearer(s, ebi);
    if (!b || !b->end[down]) return;
    b->end[down] = GTPControlEnd();
    if (b->named) tell(GTPBearerEvent::suspend, s, ebi, *b);
}

void GTPControlContexts::release(Session &s, uint8_t ebi) {
    Bearer *b = bearer(s, ebi);
    if (b && b->named) tell(GTPBearerEvent::release, s, ebi, *b);
    erase_bearer(s, ebi);
}

void GTPControlContexts::release_all(Session *s, uint8_t linked) {
    for (uint8_t ebi = 0; ebi < 16; ++ebi)
        if (Bearer *b = bearer(*s, ebi))
            if (!linked || ebi == linked || b->linked == linked) release(*s, ebi);
    if (!linked) s->ebis = 0;                   // those that had to make room are in it yet
    erase_if_empty(s);
}

// ---- For people

static void unparse_end(StringAccum &sa, const char *name, const GTPControlEnd &end, const GTPControlEnd &other) {
    sa << ",\"" << name << "\":";
    if (end) {
        GTPEndpoint e = end.endpoint(other);
        sa << "{\"teid\":" << e.teid << ",\"address\":\"" << e.address.unparse() << "\"}";
    } else
        sa << "null";
}

String GTPControlContexts::unparse(uint32_t now) const {
    StringAccum sa;
    sa << '[';
    _sessions.each([&](const SessionKey &, const Session &s) {
        const char *id = s.protocol == s1ap ? "ueId" : "teid";
        sa << (sa.length() > 1 ? ",\n" : "\n") << "{\"protocol\":\"" << protocol_name(s.protocol) << "\",\"idleSeconds\":" << (now - s.seen)
           << ",\"client\":{\"" << id << "\":" << s.client.teid << ",\"address\":\"" << s.client.address.unparse() << "\"},\"server\":{\"" << id << "\":" << s.server.teid
           << ",\"address\":\"" << s.server.address.unparse() << "\"},\"bearers\":[";
        bool first = true;
        for (int ebi = 0; ebi < 16; ++ebi) {
            const Bearer *b = s.ebis >> ebi & 1 ? const_cast<GTPControlContexts *>(this)->_bearers.find(BearerKey{s.serial, (uint64_t) ebi}) : nullptr;
            if (!b) continue;
            sa << (first ? "" : ",") << "{\"ebi\":" << ebi << ",\"linkedEbi\":" << (int) b->linked;
            unparse_end(sa, "uplink", b->end[up], b->end[down]);
            unparse_end(sa, "downlink", b->end[down], b->end[up]);
            sa << ",\"ueIpv4\":";
            if (b->ue.v4) sa << '"' << b->ue.v4.unparse() << '"';
            else sa << "null";
            sa << ",\"ueIpv6\":";
            if (b->ue.v6) sa << '"' << b->ue.v6.unparse() << '/' << (int) b->ue.v6_prefix_length << '"';
            else sa << "null";
            sa << '}';
            first = false;
        }
        sa << "]}";
    });
    sa << (_sessions.size() ? "\n]" : "]");
    return sa.take_string();
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPAddress)
ELEMENT_PROVIDES(GTPControlContexts)
