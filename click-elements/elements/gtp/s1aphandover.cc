// Hand-over as S1AP tells of it: the path switch after one between eNBs, and the one that the MME leads.
#include <click/config.h>
#include "s1aptracker.hh"
CLICK_DECLS

enum { up = GTPControlBearer::uplink, down = GTPControlBearer::downlink };
typedef S1APMessage M;

// ---- Path switch (§8.4.4): the UE is behind another eNB already

GTPControlVerdict S1APTracker::path_switch(const M &m) {
    if (!m.has_mme || !m.has_enb) return GTPC_INCOMPLETE;
    Name target = {_enb, _mme, m.enb, Name::enb};
    if (m.kind == M::initiating) {
        Session *s = _contexts.find(Name{_mme, GTPAddress::none(), m.mme, Name::mme_any}, _now);
        if (!s) return GTPC_NO_CONTEXT;
        for (uint8_t ebi = 0; ebi < 16; ++ebi)              // one before it that was not answered
            if (Bearer *b = _contexts.bearer(*s, ebi))
                if (b->has_offer(m.procedure)) b->offered = GTPControlEnd();
        for (int i = 0; i < m.nitems; ++i)
            if (Bearer *b = m.item[i].role == M::asked ? _contexts.bearer(*s, m.item[i].erab) : nullptr) b->offer(m.procedure, m.item[i].end);
        _contexts.set_name(target, *s);
        return GTPC_OK;
    }
    Session *s = _contexts.find(target, _now);
    if (!s) return GTPC_NO_CONTEXT;
    if (m.kind == M::unsuccessful) {
        if (s->client.address != _enb || s->client.teid != m.enb) _contexts.forget_name(target, *s);
        settle(s, m.procedure);
        return GTPC_REFUSED;
    }
    bool any = false;
    for (uint8_t ebi = 0; ebi < 16 && !any; ++ebi)
        if (Bearer *b = _contexts.bearer(*s, ebi)) any = b->has_offer(m.procedure);
    if (!any) return GTPC_UNMATCHED;
    _contexts.forget_name(Name{s->server.address, s->client.address, s->server.teid, Name::mme}, *s);
    if (s->client.address != _enb || s->client.teid != m.enb) _contexts.forget_name(Name{s->client.address, s->server.address, s->client.teid, Name::enb}, *s);
    if (s->server.teid != m.mme) _contexts.forget_name(Name{s->server.address, GTPAddress::none(), s->server.teid, Name::mme_any}, *s);
    s->client = GTPEndpoint{_enb, m.enb}, s->server.teid = m.mme;
    name(*s);
    for (uint8_t ebi = 0; ebi < 16; ++ebi) {
        Bearer *b = _contexts.bearer(*s, ebi);
        if (!b) continue;
        // §8.4.4.2: what is not in the list counts as released; the MME may take more away
        if (!b->has_offer(m.procedure) || m.find(ebi, M::released)) {
            release(*s, ebi);
            continue;
        }
        Change c = Change();
        c.end[down] = b->offered;
        b->offered = GTPControlEnd();
        if (const M::Item *x = m.find(ebi, M::done)) c.end[up] = x->end;
        set(*s, ebi, c);
    }
    settle(s, m.procedure);
    return GTPC_OK;
}

// ---- Hand-over by the MME (§8.4.2, §8.4.3): the target is prepared, then the UE arrives there

GTPControlVerdict S1APTracker::handover(const M &m) {
    if (!m.has_mme) return GTPC_INCOMPLETE;
    Name name_at_target = {_mme, _enb, m.mme, Name::mme};
    Session *s = _contexts.find(name_at_target, _now);
    if (m.kind == M::initiating) {
        if (s && !s->arriving) _contexts.forget_name(name_at_target, *s);
        else if (s) _contexts.erase(s);
        s = _contexts.add(GTPControlContexts::s1ap, GTPEndpoint{_enb, 0}, GTPEndpoint{_mme, m.mme}, _now);
        s->arriving = true;
        _contexts.set_name(name_at_target, *s);
        for (int i = 0; i < m.nitems; ++i)
            if (m.item[i].role == M::asked && m.item[i].end) _contexts.make_bearer(*s, m.item[i].erab)->offer(m.procedure, m.item[i].end);
        return GTPC_OK;
    }
    if (!s || !s->arriving) return GTPC_NO_CONTEXT;
    if (m.kind == M::unsuccessful) {
        _contexts.erase(s);
        return GTPC_REFUSED;
    }
    if (!m.has_enb) return GTPC_INCOMPLETE;
    s->client.teid = m.enb;
    _contexts.set_name(Name{_enb, _mme, m.enb, Name::enb}, *s);
    for (uint8_t ebi = 0; ebi < 16; ++ebi) {
        const M::Item *x = m.find(ebi, M::done);
        if (Bearer *b = _contexts.bearer(*s, ebi)) {
            if (x && x->end) b->end[down] = x->end;
            else _contexts.erase_bearer(*s, ebi);
        }
    }
    return GTPC_OK;
}

GTPControlVerdict S1APTracker::arrived(const M &m) {
    Session *s = find(m);
    if (!s || !s->arriving) return GTPC_NO_CONTEXT;
    s->arriving = false;
    name(*s);
    for (uint8_t ebi = 0; ebi < 16; ++ebi) {
        Bearer *b = _contexts.bearer(*s, ebi);
        if (!b || !b->offered || !b->end[down]) continue;       // without the target's answer there is no end to go to
        Change c = {{b->offered, b->end[down]}, GTPControlUE(), 0, false};
        GTPEndpoint core = b->offered.endpoint(b->end[down]);
        Name uplink = {core.address, GTPAddress::none(), core.teid, Name::uplink};
        c.resumed = _contexts.known(uplink);
        b->offered = GTPControlEnd();
        if (Session *source = _contexts.find(uplink, _now))
            if (Bearer *old = _contexts.bearer(*source, ebi)) c.ue = old->ue, c.linked = old->linked;
        set(*s, ebi, c);
    }
    settle(s, M::handover_resource_allocation);
    return GTPC_OK;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPControlContexts S1AP)
ELEMENT_PROVIDES(S1APHandover)
