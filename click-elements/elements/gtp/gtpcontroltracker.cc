#include <click/config.h>
#include "gtpcontroltracker.hh"
#include <initializer_list>
CLICK_DECLS

typedef GTPControlContexts::Change Change;
enum { up = GTPControlBearer::uplink, down = GTPControlBearer::downlink };

static uint64_t digest_of(const unsigned char *p, uint32_t n) {
    uint64_t h = 0xCBF29CE484222325ULL;                 // FNV-1a
    for (uint32_t i = 0; i < n; ++i) h = (h ^ p[i]) * 0x100000001B3ULL;
    return h;
}

void GTPControlTracker::expire(uint32_t now, int budget) {
    for (Request *r; budget && (r = _requests.oldest()) && now - r->since > request_lifetime; --budget) _requests.erase_oldest();
}

GTPControlVerdict GTPControlTracker::message(const GTPControlMessage &m, const GTPControlPeers &peers, const unsigned char *bytes, uint32_t n, uint32_t now) {
    _now = now;
    Key k = m.response ? Key{peers.dst, peers.src, m.sequence, peers.dport, m.version} : Key{peers.src, peers.dst, m.sequence, peers.sport, m.version};
    Request *r = _requests.find(k);
    if (!m.response) {
        uint64_t digest = digest_of(bytes, n);
        if (r && r->digest == digest && now - r->since <= request_lifetime) return GTPC_RETRANSMITTED;
        if (!r) r = _requests.insert(k, 0);
        else _requests.touch(r, 0);
        r->message = m, r->digest = digest, r->since = now, r->answered = false;
        return GTPC_OK;
    }
    if (!r || r->message.procedure != m.procedure || now - r->since > request_lifetime) return GTPC_UNMATCHED;
    if (r->answered) return GTPC_RETRANSMITTED;
    r->answered = true;
    return answered(r->message, m, GTPControlPeers{peers.dst, peers.src, peers.dport, peers.sport});
}

/** @a peers: of the request. */
GTPControlVerdict GTPControlTracker::answered(const GTPControlMessage &request, const GTPControlMessage &response, const GTPControlPeers &peers) {
    if (!response.cause) return GTPC_INCOMPLETE;
    bool deletion = request.procedure == GTPC_DELETE_SESSION || request.procedure == GTPC_DELETE_BEARER || request.procedure == GTPC_DELETE_PDP;
    if (!response.accepted() && !(deletion && response.context_unknown())) return GTPC_REFUSED;
    Exchange x = {request, response, peers.src, peers.dst, nullptr, false};
    if (request.teid) {
        x.session = _contexts.find(Name{peers.dst, GTPAddress::none(), request.teid, Name::gtp_server}, _now);
        if (!x.session && (x.session = _contexts.find(Name{peers.dst, peers.src, request.teid, Name::gtp_client}, _now))) x.by_server = true;
    }
    switch (request.procedure) {
    case GTPC_CREATE: return create(x);
    case GTPC_CREATE_BEARER: return create_bearer(x);
    case GTPC_MODIFY: return modify(x);
    default: return remove(x);
    }
}

/** EBI 0 means none. NSAPI 0 is reserved (TS 24.008 §10.5.6.2), but emulators use it. */
static bool is_id(const GTPControlMessage &m, uint8_t ebi) { return ebi || m.version == 1; }

/** Not even the answer's cause may be told of a bearer: then the message's counts. */
bool GTPControlTracker::bearer_accepted(const GTPControlMessage &response, const GTPControlBearer *b) {
    return !b || !b->cause || response.accepted(b->cause);
}

/** The end where a sender is to be reached: as it says, else where it sends from, with the TEID that is used for it. */
static GTPEndpoint control_end(const GTPControlEnd &said, const GTPAddress &at, uint32_t teid) {
    if (!said) return GTPEndpoint{at, teid};
    return GTPEndpoint{at.is4() ? (said.v4 ? said.v4 : said.v6) : (said.v6 ? said.v6 : said.v4), said.teid};
}

bool GTPControlTracker::restarted(const GTPControlMessage &m, const GTPControlPeers &peers) {
    if (!m.has_recovery) return false;
    const GTPAddress sender = control_end(m.control, peers.src, 0).address;
    const Pair pair = {sender, peers.dst, m.version};
    Counter *c = _counters.use(pair, 0);
    if (!c) {
        _counters.insert(pair, 0)->value = m.recovery;
        return false;
    }
    // One that is behind is that of a message which was overtaken.
    if ((int8_t) (m.recovery - c->value) <= 0) return false;
    c->value = m.recovery;
    _contexts.each_between(m.version == 1 ? GTPControlContexts::gtpv1_c : GTPControlContexts::gtpv2_c, sender, peers.dst,
        [this](Session *s) { _contexts.release_all(s, 0); });
    return true;
}

/** A relation whose beginning was not seen. The response goes to the requester's TEID, as the request went to the responder's. */
GTPControlTracker::Session *GTPControlTracker::unseen(Exchange &x, const GTPControlEnd &client, const GTPControlEnd &server) {
    GTPEndpoint requester = control_end(x.by_server ? server : client, x.requester, x.response.teid);
    GTPEndpoint responder = control_end(x.by_server ? client : server, x.responder, x.request.teid);
    return _contexts.add(x.request.version == 1 ? GTPControlContexts::gtpv1_c : GTPControlContexts::gtpv2_c, x.by_server ? responder : requester, x.by_server ? requester : responder, _now);
}

static uint8_t place_of(const GTPControlMessage &a, const GTPControlMessage &b) {
    for (const GTPControlMessage *m : {&a, &b})
        for (int i = 0; i < m->nbearers; ++i)
            if (m->bearer[i].end[GTPControlBearer::access][up] || m->bearer[i].end[GTPControlBearer::access][down]) return GTPControlBearer::access;
    return GTPControlBearer::network;
}

/** An end of @a a, else of @a b; either may be null. */
static GTPControlEnd end_of(uint8_t place, int side, const GTPControlBearer *a, const GTPControlBearer *b) {
    if (a && a->end[place][side]) return a->end[place][side];
    return b ? b->end[place][side] : GTPControlEnd();
}

GTPControlVerdict GTPControlTracker::create(Exchange &x) {
    const GTPControlMessage &q = x.request, &a = x.response;
    if (x.by_server) return GTPC_NO_CONTEXT;
    if (!x.session) {
        GTPEndpoint client = control_end(q.control, x.requester, a.teid);
        Session *old = _contexts.find(Name{client.address, x.responder, client.teid, Name::gtp_client}, _now);
        // An SGW or PGW asked with TEID 0 by one whom it knows forgets what it had (TS 29.274 §7.2.1). An SGSN may use one TEID for all PDP contexts.
        if (old && q.version == 2) _contexts.release_all(old, 0), old = nullptr;
        x.session = old ? old : unseen(x, q.control, a.control);
        if (!old) x.session->place = place_of(q, a);
        else if (a.control) _contexts.set_name(Name{control_end(a.control, x.responder, q.teid).address, GTPAddress::none(), a.control.teid, Name::gtp_server}, *old);
    }
    Session &s = *x.session;
    uint8_t linked = q.linked;
    bool any = false;
    for (int i = 0; i < (q.version == 1 ? 1 : a.nbearers); ++i) {
        const GTPControlBearer &b = a.bearer[i];
        uint8_t ebi = q.version == 1 ? q.bearer[0].ebi : b.ebi;
        const GTPControlBearer *asked = q.find(ebi);
        if (b.removal) {
            if (_contexts.bearer(s, ebi)) _contexts.release(s, ebi);
            continue;
        }
        if (!is_id(q, ebi) || !bearer_accepted(a, &b)) continue;
        if (!linked) linked = ebi;                      // the first one is the default bearer
        Change c = {{end_of(s.place, up, &b, asked), end_of(s.place, down, asked, &b)}, a.ue ? a.ue : q.ue, linked, false};
        if (!c.ue)                                      // a secondary PDP context has the address of its primary one
            if (GTPControlContexts::Bearer *primary = _contexts.bearer(s, linked)) c.ue = primary->ue;
        _contexts.set(s, ebi, c);
        any = true;
    }
    _contexts.erase_if_empty(&s);
    return any ? GTPC_OK : GTPC_INCOMPLETE;
}

GTPControlVerdict GTPControlTracker::create_bearer(Exchange &x) {
    const GTPControlMessage &q = x.request, &a = x.response;
    if (x.session && !x.by_server) return GTPC_NO_CONTEXT;
    if (!x.session) {
        x.by_server = true;
        x.session = unseen(x, a.control, q.control);
        x.session->place = place_of(a, q);
    }
    Session &s = *x.session;
    bool any = false;
    for (int i = 0; i < a.nbearers; ++i) {
        const GTPControlBearer &b = a.bearer[i];
        if (!is_id(q, b.ebi) || !bearer_accepted(a, &b)) continue;
        // §7.2.4: the answer repeats the core's end, by which it is known which bearer is meant; the request has no EBI yet.
        const GTPControlBearer *asked = i < q.nbearers ? &q.bearer[i] : nullptr;
        Change c = {{end_of(s.place, up, &b, asked), end_of(s.place, down, &b, nullptr)}, GTPControlUE(), q.linked, false};
        if (GTPControlContexts::Bearer *primary = _contexts.bearer(s, q.linked)) c.ue = primary->ue;
        _contexts.set(s, b.ebi, c);
        any = true;
    }
    _contexts.erase_if_empty(&s);
    return any ? GTPC_OK : GTPC_INCOMPLETE;
}

GTPControlVerdict GTPControlTracker::modify(Exchange &x) {
    const GTPControlMessage &q = x.request, &a = x.response;
    if (!x.session) {
        // Only who moves the downlink end is surely the client; and without the core's end there is nothing to tell.
        uint8_t place = place_of(q, a);
        if (!q.teid || !q.nbearers || !q.bearer[0].end[place][down] || !a.nbearers || !a.bearer[0].end[place][up]) return GTPC_NO_CONTEXT;
        x.session = unseen(x, q.control, a.control);
        x.session->place = place;
    } else {
        // Another MME, SGSN or SGW has taken over, or it wants to be asked elsewhere.
        GTPEndpoint client = x.session->client, server = x.session->server;
        if (q.control) (x.by_server ? server : client) = control_end(q.control, x.requester, q.control.teid);
        if (a.control) (x.by_server ? client : server) = control_end(a.control, x.responder, a.control.teid);
        _contexts.rename(*x.session, client, server);
    }
    Session &s = *x.session;
    for (int i = 0; i < q.nbearers; ++i) {
        const GTPControlBearer &b = q.bearer[i], *told = q.version == 1 ? &a.bearer[0] : a.find(b.ebi);
        if (!is_id(q, b.ebi) || !bearer_accepted(a, told)) continue;
        if (b.removal || (told && told->removal)) {
            if (_contexts.bearer(s, b.ebi)) _contexts.release(s, b.ebi);
            continue;
        }
        Change c = {{end_of(s.place, up, told, &b), end_of(s.place, down, &b, told)}, a.ue ? a.ue : q.ue, q.linked, false};
        // What a GTPv1-C answer tells is the answerer's end, whichever side that is.
        if (q.version == 1 && x.by_server) c.end[down] = c.end[up], c.end[up] = GTPControlEnd();
        if (c.end[up] || c.end[down] || _contexts.bearer(s, b.ebi)) _contexts.set(s, b.ebi, c);
    }
    _contexts.erase_if_empty(&s);
    return GTPC_OK;
}

/** Deletions, and Release Access Bearers. */
GTPControlVerdict GTPControlTracker::remove(Exchange &x) {
    const GTPControlMessage &q = x.request, &a = x.response;
    if (!x.session) return GTPC_NO_CONTEXT;
    Session &s = *x.session;
    if (q.procedure == GTPC_RELEASE_ACCESS) {
        for (uint8_t ebi = 0; ebi < 16; ++ebi)
            if (!q.listed || q.listed >> ebi & 1) _contexts.suspend(s, ebi);
        return GTPC_OK;
    }
    if (q.procedure == GTPC_DELETE_PDP) {
        uint8_t nsapi = q.bearer[0].ebi;
        GTPControlContexts::Bearer *b = _contexts.bearer(s, nsapi);
        if (!b) return GTPC_NO_CONTEXT;
        if (q.scope_all) _contexts.release_all(&s, b->linked ? b->linked : nsapi);
        else {
            _contexts.release(s, nsapi);
            _contexts.erase_if_empty(&s);
        }
        return GTPC_OK;
    }
    if (q.procedure == GTPC_DELETE_SESSION || !q.listed) {
        _contexts.release_all(&s, q.scope_all ? 0 : q.linked);
        return GTPC_OK;
    }
    for (uint8_t ebi = 0; ebi < 16; ++ebi)
        if (q.listed >> ebi & 1 && bearer_accepted(a, a.find(ebi)) && _contexts.bearer(s, ebi)) _contexts.release(s, ebi);
    _contexts.erase_if_empty(&s);
    return GTPC_OK;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPControlContexts)
ELEMENT_PROVIDES(GTPControlTracker)
