#include <click/config.h>
#include "s1aptracker.hh"
CLICK_DECLS

enum { up = GTPControlBearer::uplink, down = GTPControlBearer::downlink };
typedef S1APMessage M;

static bool begun_by_mme(uint8_t procedure) {
    switch (procedure) {
    case M::handover_notification: case M::path_switch_request: case M::e_rab_release_indication: case M::e_rab_modification_indication: return false;
    default: return true;
    }
}

GTPControlVerdict S1APTracker::message(const M &m, const GTPControlPeers &peers, uint32_t now) {
    _now = now;
    switch (m.procedure) {
    case M::reset: return reset(m, peers);
    case M::s1_setup: return s1_setup(m, peers);
    default: break;
    }
    bool from_mme = begun_by_mme(m.procedure) == (m.kind == M::initiating);
    _mme = from_mme ? peers.src : peers.dst, _enb = from_mme ? peers.dst : peers.src;
    if (!m.has_mme && !m.has_enb) return GTPC_INCOMPLETE;
    switch (m.procedure) {
    case M::path_switch_request: return path_switch(m);
    case M::handover_resource_allocation: return handover(m);
    case M::handover_notification: return arrived(m);
    case M::ue_context_release: return context_release(m);
    default: break;
    }
    // Those with both ids, about a UE that is there.
    if (!m.has_mme || !m.has_enb) return GTPC_INCOMPLETE;
    bool setup = m.procedure == M::initial_context_setup || m.procedure == M::e_rab_setup;
    Session *s = setup && m.kind == M::initiating ? find_or_add(m) : find(m);
    if (!s) return GTPC_NO_CONTEXT;
    if (m.kind == M::unsuccessful) {
        settle(s, m.procedure);
        return GTPC_REFUSED;
    }
    switch (m.procedure) {
    case M::e_rab_release: return m.kind == M::initiating ? GTPC_OK : released(s, m);
    case M::e_rab_release_indication: return released(s, m);
    default: return m.kind == M::initiating ? asked(s, m) : setup ? done(s, m) : moved(s, m);
    }
}

// ---- Relations

void S1APTracker::name(Session &s) {
    _contexts.set_name(Name{s.server.address, GTPAddress::none(), s.server.teid, Name::mme_any}, s);
    _contexts.set_name(Name{s.server.address, s.client.address, s.server.teid, Name::mme}, s);
    _contexts.set_name(Name{s.client.address, s.server.address, s.client.teid, Name::enb}, s);
}

/** Both ids must mean it, if both are told: one of them may have been another UE's before. */
S1APTracker::Session *S1APTracker::find(const M &m) {
    Session *s = m.has_enb ? _contexts.find(Name{_enb, _mme, m.enb, Name::enb}, _now) : _contexts.find(Name{_mme, _enb, m.mme, Name::mme}, _now);
    return s && m.has_mme && s->server.teid != m.mme ? nullptr : s;
}

S1APTracker::Session *S1APTracker::find_or_add(const M &m) {
    if (Session *s = find(m)) return s;
    // An id that comes with another partner is that of another UE: its end was not seen.
    if (Session *s = _contexts.find(Name{_enb, _mme, m.enb, Name::enb}, _now)) _contexts.erase(s);
    if (Session *s = _contexts.find(Name{_mme, _enb, m.mme, Name::mme}, _now)) _contexts.erase(s);
    Session *s = _contexts.add(GTPControlContexts::s1ap, GTPEndpoint{_enb, m.enb}, GTPEndpoint{_mme, m.mme}, _now);
    name(*s);
    return s;
}

// ---- Bearers

void S1APTracker::set(Session &s, uint8_t ebi, const Change &c) {
    Bearer *b = _contexts.make_bearer(s, ebi);
    if (owns(s, *b)) _contexts.forget_name(uplink_name(*b), s);
    _contexts.set(s, ebi, c);
    if ((b = _contexts.bearer(s, ebi)) && b->named) _contexts.set_name(uplink_name(*b), s);
}

void S1APTracker::release(Session &s, uint8_t ebi) {
    Bearer *b = _contexts.bearer(s, ebi);
    if (b && owns(s, *b)) {
        _contexts.forget_name(uplink_name(*b), s);
        _contexts.release(s, ebi);
    } else
        _contexts.erase_bearer(s, ebi);
}

/** The procedure is over: what it still asks for will not be. */
void S1APTracker::settle(Session *s, uint8_t procedure) {
    for (uint8_t ebi = 0; ebi < 16; ++ebi)
        if (Bearer *b = _contexts.bearer(*s, ebi)) {
            if (b->offered_by == procedure) b->offered = GTPControlEnd();
            if (!b->named && !b->offered) _contexts.erase_bearer(*s, ebi);
        }
    _contexts.erase_if_empty(s);
}

// ---- Initial context setup, E-RAB setup, modify, modification indication, release (§8.2, §8.3.1)

GTPControlVerdict S1APTracker::asked(Session *s, const M &m) {
    bool setup = m.procedure == M::initial_context_setup || m.procedure == M::e_rab_setup;
    for (int i = 0; i < m.nitems; ++i) {
        const M::Item &x = m.item[i];
        if (x.role != M::asked || !x.end) continue;
        if (!setup && !_contexts.bearer(*s, x.erab)) continue;
        Bearer &b = *_contexts.make_bearer(*s, x.erab);
        b.offer(m.procedure, x.end);
        if (!setup) continue;
        // Without a message to the UE, it is a bearer that the UE has: a service request (TS 23.401 §5.3.4).
        b.fresh = x.has_nas;
        if (x.linked) b.linked = x.linked;
        if (x.ue4) b.ue.v4 = x.ue4;
        else if (Bearer *primary = x.linked && x.linked != x.erab ? _contexts.bearer(*s, x.linked) : nullptr) b.ue = primary->ue;
    }
    _contexts.erase_if_empty(s);
    return GTPC_OK;
}

GTPControlVerdict S1APTracker::done(Session *s, const M &m) {
    bool any = false;
    for (int i = 0; i < m.nitems; ++i) {
        const M::Item &x = m.item[i];
        Bearer *b = x.role == M::done && x.end ? _contexts.bearer(*s, x.erab) : nullptr;
        if (!b || !b->has_offer(m.procedure)) continue;
        GTPEndpoint core = b->offered.endpoint(x.end);
        Change c = {{b->offered, x.end}, GTPControlUE(), 0, !b->fresh && _contexts.known(Name{core.address, GTPAddress::none(), core.teid, Name::uplink})};
        b->offered = GTPControlEnd();
        set(*s, x.erab, c);
        any = true;
    }
    settle(s, m.procedure);
    return any ? GTPC_OK : GTPC_UNMATCHED;
}

/** Of a modification by the MME, the offer is the core's end; of an indication by the eNB, its own. */
GTPControlVerdict S1APTracker::moved(Session *s, const M &m) {
    int side = m.procedure == M::e_rab_modify ? up : down;
    for (int i = 0; i < m.nitems; ++i) {
        Bearer *b = m.item[i].role == M::done ? _contexts.bearer(*s, m.item[i].erab) : nullptr;
        if (!b || !b->has_offer(m.procedure)) continue;
        Change c = Change();
        c.end[side] = b->offered;
        b->offered = GTPControlEnd();
        set(*s, m.item[i].erab, c);
    }
    settle(s, m.procedure);
    return GTPC_OK;
}

GTPControlVerdict S1APTracker::released(Session *s, const M &m) {
    for (int i = 0; i < m.nitems; ++i)
        if (m.item[i].role == M::released) release(*s, m.item[i].erab);
    _contexts.erase_if_empty(s);
    return GTPC_OK;
}

// ---- UE context release (§8.3.3): the UE is idle, gone, or arrived elsewhere

GTPControlVerdict S1APTracker::context_release(const M &m) {
    Session *s = find(m);
    if (!s) return GTPC_NO_CONTEXT;
    if (m.kind == M::initiating) {
        s->leaving |= m.leaving;
        return GTPC_OK;
    }
    if (s->leaving)
        for (uint8_t ebi = 0; ebi < 16; ++ebi)
            if (Bearer *b = _contexts.bearer(*s, ebi))
                if (owns(*s, *b)) release(*s, ebi);
    idle(s);
    return GTPC_OK;
}

/** The relation ends. Its bearers stay: their names are known, so that they are told from new ones when the UE comes back. */
void S1APTracker::idle(Session *s) {
    for (uint8_t ebi = 0; ebi < 16; ++ebi)
        if (Bearer *b = _contexts.bearer(*s, ebi))
            if (owns(*s, *b)) _contexts.suspend(*s, ebi);
    _contexts.erase(s);
}

// ---- Reset and S1 setup (§8.7.1, §8.7.3): one of the two has lost what it knew of UEs, which are idle then

void S1APTracker::all_lost(const GTPControlPeers &peers) {
    ++resets;
    _contexts.each_between(GTPControlContexts::s1ap, peers.src, peers.dst, [this](Session *s) { idle(s); });
}

/** Either may ask, and must not be refused. */
GTPControlVerdict S1APTracker::reset(const M &m, const GTPControlPeers &peers) {
    if (m.kind != M::initiating) return GTPC_OK;
    if (m.reset_all) {
        all_lost(peers);
        return GTPC_OK;
    }
    if (!m.nconnections) return GTPC_INCOMPLETE;
    ++resets;
    m.each_connection([&](const uint32_t *mme, const uint32_t *enb) {
        M one = M();
        if (mme) one.mme = *mme, one.has_mme = true;
        if (enb) one.enb = *enb, one.has_enb = true;
        if (!mme && !enb) return;
        Session *s = nullptr;
        for (int i = 0; i < 2 && !s; ++i) {
            _mme = i ? peers.src : peers.dst, _enb = i ? peers.dst : peers.src;
            s = find(one);
        }
        if (s) idle(s);
    });
    return GTPC_OK;
}

GTPControlVerdict S1APTracker::s1_setup(const M &m, const GTPControlPeers &peers) {
    if (m.kind == M::unsuccessful) return GTPC_REFUSED;
    if (m.kind == M::successful) all_lost(peers);
    return GTPC_OK;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPControlContexts S1AP S1APNas S1APHandover)
ELEMENT_PROVIDES(S1APTracker)
