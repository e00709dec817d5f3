#include <click/config.h>
#include "gtpfastcredit.hh"
#include "elements/gtp/gtpbreakout.hh"
#include "elements/gtp/gtpdecap.hh"
#include "elements/gtp/gtpencap.hh"
#include "elements/gtp/gtprestore.hh"
#include "elements/gtp/gtprules.hh"
#include "elements/standard/counter.hh"
#include "bpf/gtpfast.h"
#include <click/router.hh>
#include <click/routervisitor.hh>
CLICK_DECLS

namespace {
/** Does anything come to an input without passing a certain element? */
class Passage : public RouterVisitor { public:
    Passage(const Element *without, const Element *to, int port) : _without(without), _to(to), _port(port) {}
    bool visit(Element *e, bool, int port, Element *, int, int) override {
        _found |= e == _to && port == _port;
        return e != _without && e != _to;
    }
    static bool is_there(Router *r, Element *from, const Element *without, const Element *to, int port) {
        Passage p(without, to, port);
        r->visit_downstream(from, 0, &p);
        return p._found;
    }

  private:
    const Element *_without, *_to;
    int _port;
    bool _found = false;
};

template <typename T> T *as(Element *e, const char *name) { return static_cast<T *>(e->cast(name)); }

/** The only one, or null: @a more says that there was one. */
template <typename T> void take(T *&only, T *found, bool &more) {
    only = more ? nullptr : found;
    more = true;
}
}

void GTPFastCredit::find(Element *fast, const GTPTable *table) {
    Router *r = fast->router();
    bool decaps[2] = {}, encaps = false, rules = false;
    for (int i = 0; i < r->nelements(); ++i) {
        Element *e = r->element(i);
        GTPDecap *d = as<GTPDecap>(e, "GTPDecap");
        GTPEncap *n = as<GTPEncap>(e, "GTPEncap");
        if (d && d->table() == table)
            take(_decap[d->direction()], d, decaps[d->direction()]);
        if (n && n->table() == table)
            take(_encap, n, encaps);
    }
    find_others(out, _decap[GTP_UPLINK], fast, gtpfast_local);
    find_others(core, _decap[GTP_UPLINK], fast, gtpfast_core);
    find_others(down, _decap[GTP_DOWNLINK], fast, gtpfast_ran);
    find_others(back, _encap, fast, gtpfast_ran);
    // One that all uplink packets pass.
    for (Element *e : _others[out])
        for (Element *f : _others[core])
            if (GTPRules *g = e == f ? as<GTPRules>(e, "GTPRules") : nullptr)
                take(_rules, g, rules);
}

void GTPFastCredit::find_others(Way way, Element *from, Element *fast, int port) {
    Router *r = fast->router();
    for (int i = 0; from && i < r->nelements(); ++i) {
        Element *e = r->element(i);
        bool counts = false;
        for (const char *name : {"GTPRules", "GTPBreakout", "GTPRestore", "Counter"})
            counts |= e->cast(name) != nullptr;
        if (counts && Passage::is_there(r, from, nullptr, fast, port) && !Passage::is_there(r, from, e, fast, port))
            _others[way].push_back(e);
    }
}

void GTPFastCredit::credit(Way way, uint64_t packets, uint64_t bytes, int rule, uint32_t generation) const {
    GTPDecap *decap = way == back ? nullptr : _decap[way == down ? GTP_DOWNLINK : GTP_UPLINK];
    if (decap)
        decap->credit(packets);
    if (way == back && _encap)
        _encap->credit(packets);
    if ((way == out || way == core) && _rules)
        _rules->credit(rule, generation, packets, bytes);
    for (Element *e : _others[way])
        if (GTPBreakout *b = as<GTPBreakout>(e, "GTPBreakout"))
            b->credit(way == out, packets);
        else if (GTPRestore *s = as<GTPRestore>(e, "GTPRestore"))
            s->credit(packets);
        else if (Counter *c = as<Counter>(e, "Counter"))
            c->credit(packets, bytes);
}

int GTPFastCredit::rule_of(const unsigned char *ip, uint32_t length) const { return _rules ? _rules->rule_of(ip, length) : -1; }
uint32_t GTPFastCredit::generation() const { return _rules ? _rules->generation() : 0; }

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel GTPTable GTPDecap GTPRules)
