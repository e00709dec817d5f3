// Router: walking its graph, and what its elements share.
#include <click/config.h>
#include <click/nameinfo.hh>
#include <click/routervisitor.hh>
CLICK_DECLS

int Router::visit(Element *e, bool isoutput, int port, RouterVisitor *visitor) const {
    if (!visitor || !e || e->router() != this) return -1;
    // Breadth first, so that distances are the shortest ones.
    struct At { Element *e; int port, distance; };
    Vector<At> queue;
    Vector<Vector<char>> seen(nelements(), Vector<char>());
    auto enqueue = [&](Element *x, int p, int distance) {
        Vector<char> &s = seen[x->eindex()];
        if (s.empty()) s.resize(x->nports(isoutput), 0);
        if (p < s.size() && !s[p]) s[p] = 1, queue.push_back(At{x, p, distance});
    };
    for (int p = port < 0 ? 0 : port; p < (port < 0 ? e->nports(isoutput) : port + 1); ++p)
        enqueue(e, p, 1);
    for (int i = 0; i < queue.size(); ++i) {
        At at = queue[i];
        for (const Connection &c : _connections) {
            const PortRef &here = isoutput ? c.from : c.to, &there = isoutput ? c.to : c.from;
            if (here.element != at.e->eindex() || here.port != at.port) continue;
            Element *x = _elements[there.element];
            if (!visitor->visit(x, !isoutput, there.port, at.e, at.port, at.distance)) continue;
            for (int p = 0; p < x->nports(isoutput); ++p)
                if (flow_connects(flow_code(x), isoutput ? there.port : p, isoutput ? p : there.port))
                    enqueue(x, p, at.distance + 1);
        }
    }
    return 0;
}

namespace {
struct Collector : ElementTracker {
    ElementFilter *stop;
    Collector(Router *r, ElementFilter *f) : ElementTracker(r), stop(f) {}
    bool visit(Element *e, bool isoutput, int port, Element *, int, int) override {
        insert(e);
        return !stop || !stop->check_match(e, isoutput, port);
    }
};
}

int Router::downstream_elements(Element *e, int port, ElementFilter *stop, Vector<Element *> &result) const {
    Collector c(const_cast<Router *>(this), stop);
    int r = visit(e, true, port, &c);
    result = c.elements();
    return r;
}
int Router::upstream_elements(Element *e, int port, ElementFilter *stop, Vector<Element *> &result) const {
    Collector c(const_cast<Router *>(this), stop);
    int r = visit(e, false, port, &c);
    result = c.elements();
    return r;
}

Vector<Router *> &Router::all_routers() {
    static Vector<Router *> routers;
    return routers;
}

NameInfo *Router::force_name_info() {
    if (!_names) _names = new NameInfo;
    return _names;
}
void Router::drop_names() {
    delete _names;
    for (Attachment *a : _attachments) delete a;
}

void *Router::attachment(const String &name) const {
    for (const Attachment *a : _attachments)
        if (a->name == name) return a->value;
    return nullptr;
}
void *&Router::force_attachment(const String &name) {
    for (Attachment *a : _attachments)
        if (a->name == name) return a->value;
    _attachments.push_back(new Attachment{name, nullptr});
    return _attachments.back()->value;
}
void *Router::set_attachment(const String &name, void *value) {
    std::swap(force_attachment(name), value);
    return value;
}
ErrorHandler *Router::chatter_channel(const String &name) const {
    if (!name || name == "default") return ErrorHandler::default_handler();
    void *channel = attachment("ChatterChannel." + name);
    return channel ? (ErrorHandler *) channel : ErrorHandler::silent_handler();
}

int Router::set_handler_flags(const Element *e, const String &name, uint32_t set, uint32_t clear) {
    if (!handler(e, name)) return -1;
    e->router()->handler_for_update(e, name, set, clear);
    return 0;
}

CLICK_ENDDECLS
