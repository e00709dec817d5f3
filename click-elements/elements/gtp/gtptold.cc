// What the table is told of tunnels: by the control plane, and by other messages in the user plane.
#include <click/config.h>
#include <click/straccum.hh>
#include "gtptable.hh"
CLICK_DECLS

void GTPTable::use_announced(GTPSession &s, GTPBearer &b) {
    if (!_announced.size())
        return;
    Announced *a = _announced.use(EndpointKey{end_of(GTP_UPLINK, b.up)}, now());
    if (!a)
        return;
    a->last_seen = now();
    b.ebi = a->ebi;
    b.flags |= GTPBearer::announced;
    if (a->downlink) {
        set_downlink(s, b, a->downlink);
        ++_stats.announced_used;
    }
}

/** Who sends in the downlink is not announced; it is taken to be who takes the uplink, till it is seen. */
void GTPTable::set_downlink(GTPSession &s, GTPBearer &b, const GTPEndpoint &end) {
    GTPPathKey k = _paths.key_at(b.up.path);
    const GTPLeg leg = _paths.at(b.up.path).leg[GTP_DOWNLINK];
    bool same_enb = k.enb == end.address;
    if (b.down.path && b.down.teid == end.teid && _paths.key_at(b.down.path).enb == end.address) {
        b.flags &= (uint8_t) ~(GTPBearer::stale | GTPBearer::idle);
        return;
    }
    k.enb = end.address;
    GTPPath *p = path(k);
    if (!p)
        return;
    // To another eNB (hand-over), before any packet of it: behind the same router, if any.
    if (p->leg[GTP_DOWNLINK].known == GTPLeg::unknown && (same_enb || leg.known))
        p->leg[GTP_DOWNLINK] = leg, p->leg[GTP_DOWNLINK].known = GTPLeg::assumed;
    set_tunnel(s, b, GTP_DOWNLINK, GTPTunnel{end.teid, _paths.id(p)});
    b.flags &= (uint8_t) ~(GTPBearer::stale | GTPBearer::idle);
}

GTPBearer *GTPTable::find_tunnel(GTPDirection d, const GTPEndpoint &end, GTPSession *&s) {
    GTPBearer *b = nullptr;
    s = nullptr;
    uint32_t found = _tunnels[d].find(end, [&](uint32_t session) {
        GTPSession &x = _sessions.at(session);
        for (int i = 0; i < x.nbearers; ++i) {
            GTPTunnel t = d == GTP_UPLINK ? bearer(x, i).up : bearer(x, i).down;
            if (t.path && end_of(d, t) == end) {
                b = &bearer(x, i);
                return true;
            }
        }
        return false;
    });
    if (found)
        s = &_sessions.at(found);
    return b;
}

bool GTPTable::knows_tunnel(GTPDirection d, const GTPEndpoint &end) const {
    GTPSession *s;
    return const_cast<GTPTable *>(this)->find_tunnel(d, end, s) || (d == GTP_UPLINK && const_cast<GTPTable *>(this)->_announced.find(EndpointKey{end}));
}

void GTPTable::bearer_event(const GTPBearerEvent &e) {
    if (!e.uplink)
        return;
    ++_changes;
    EndpointKey k{e.uplink};
    GTPSession *s;
    GTPBearer *b = find_tunnel(GTP_UPLINK, e.uplink, s);
    if (e.kind == GTPBearerEvent::release) {
        _announced.erase(k);
        if (b)
            drop_bearer(*s, b);
        return;
    }
    Announced *a = _announced.use(k, now());
    if (!a && !b && e.kind == GTPBearerEvent::suspend)
        return;                           // it was released a moment ago, and another protocol says so in its way
    if (!a) {
        if (_announced.size() == _announced.capacity())
            _announced.erase_oldest();
        a = _announced.insert(k, now());
        ++_stats.announced;
    }
    a->last_seen = now();
    if (e.ebi)
        a->ebi = e.ebi;
    if (e.kind == GTPBearerEvent::suspend)
        a->downlink = GTPEndpoint();
    else if (e.downlink)
        a->downlink = e.downlink;
    if (!b)
        return;
    b->flags |= GTPBearer::announced;
    if (e.ebi)
        b->ebi = e.ebi;
    if (e.kind == GTPBearerEvent::suspend)
        b->flags |= GTPBearer::stale | GTPBearer::idle;
    else if (e.downlink)
        set_downlink(*s, *b, e.downlink);
    ue_changed(*s);
}

static String tunnel_fields(GTPDirection d, const GTPEndpoint &e) {
    StringAccum sa;
    sa << "\"direction\":\"" << (d == GTP_UPLINK ? "uplink" : "downlink") << "\",\"teid\":" << e.teid << ",\"address\":\"" << e.address.unparse() << '"';
    return sa.take_string();
}

bool GTPTable::tunnel_unknown(GTPDirection d, const GTPEndpoint &end) {
    GTPSession *s;
    GTPBearer *b = find_tunnel(d, end, s);
    if (!b)
        return false;
    ++_stats.tunnels_unknown;
    event("error-indication", tunnel_fields(d, end));
    if (d == GTP_UPLINK)
        drop_bearer(*s, b);               // TS 23.007 §21: the core has lost it, and with it the UE's bearer
    else {
        set_tunnel(*s, *b, GTP_DOWNLINK, GTPTunnel{0, 0});
        ue_changed(*s);
    }
    return true;
}

bool GTPTable::tunnel_ended(GTPDirection d, const GTPEndpoint &end) {
    GTPSession *s;
    GTPBearer *b = find_tunnel(d, end, s);
    if (!b)
        return false;
    ++_stats.tunnels_ended;
    if (d == GTP_DOWNLINK)
        b->flags |= GTPBearer::stale;     // the new one is made known by the control plane or the next packet
    ue_changed(*s);
    return true;
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPTold)
