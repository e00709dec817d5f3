// Router: its elements and connections, and its life cycle. Ports: routerports.cc; handlers: routerhandlers.cc; text: routertext.cc.
#include <click/config.h>
#include <click/master.hh>
#include <click/router.hh>
CLICK_DECLS

namespace {
/** The pseudo-element whose handlers are the global ones. */
class RootElement : public Element { public:
    const char *class_name() const override { return "<root>"; }
};

}

Router::Router(const String &configuration, Master *master) : _root(new RootElement), _configuration(configuration), _master(master) {
    _root->_router = this;
    all_routers().push_back(this);
    _handlers.push_back(Vector<Handler *>());
}

Router::~Router() {
    for (Element *e : _elements)
        if (_master)
            _master->forget_element(e);
    if (_initialized)
        cleanup(Vector<char>(nelements(), Element::CLEANUP_ROUTER_INITIALIZED));
    for (Element *e : _elements)
        delete e;
    for (auto &list : _handlers)
        for (Handler *h : list)
            delete h;
    delete _root;
    drop_names();
    for (int i = all_routers().size() - 1; i >= 0; --i)
        if (all_routers()[i] == this) all_routers().erase(all_routers().begin() + i);
}

int Router::add_element(Element *e, const String &name, const String &conf, const String &landmark) {
    e->_name = name, e->_router = this, e->_eindex = nelements();
    _elements.push_back(e);
    _confs.push_back(conf);
    _landmarks.push_back(landmark);
    _handlers.push_back(Vector<Handler *>());
    return e->_eindex;
}

void Router::add_connection(int from, int from_port, int to, int to_port, const String &landmark) {
    for (const Connection &c : _connections)
        if (c.from.element == from && c.from.port == from_port && c.to.element == to && c.to.port == to_port)
            return;
    _connections.push_back(Connection{{from, from_port}, {to, to_port}, landmark});
}

Element *Router::find(const String &name, ErrorHandler *errh) const {
    for (Element *e : _elements)
        if (e->name() == name)
            return e;
    if (errh)
        errh->error("no element named %<%s%>", name.c_str());
    return nullptr;
}

Element *Router::find(const String &name, String prefix, ErrorHandler *errh) const {
    for (;;) {
        if (Element *e = find(prefix + name))
            return e;
        if (!prefix)
            break;
        int slash = prefix.find_right('/', prefix.length() - 2);
        prefix = prefix.substring(0, slash < 0 ? 0 : slash + 1);
    }
    if (errh)
        errh->error("no element named %<%s%>", name.c_str());
    return nullptr;
}

Element *Router::find(const String &name, const Element *context, ErrorHandler *errh) const {
    int slash = context->name().find_right('/');
    return find(name, slash < 0 ? String() : context->name().substring(0, slash + 1), errh);
}

String Router::context(int i) const { return "While configuring '" + _elements[i]->declaration() + "':"; }

void Router::stop_driver_now() {
    _stop = true;
    _master->wake();        // the loop may be about to sleep
}

void Router::please_stop_driver() {
    if (!_stop_filter)
        return stop_driver_now();
    ++_stop_requests;
    _master->wake();
}

void Router::filter_stop_requests() {
    for (; _stop_requests > 0 && !_stop; --_stop_requests)
        if (_stop_filter(_stop_filterer)) _stop = true;
}

// ---- Life cycle

int Router::initialize(ErrorHandler *errh) {
    // Push/pull needs sound port counts, reuse needs push/pull; arguments need none of them, so that one run
    // reports as much as it can.
    bool ok = check_port_counts(errh) >= 0 && resolve_processing(errh) >= 0;
    if (ok)
        ok = check_reuse(errh) >= 0;
    Vector<char> stage(nelements(), Element::CLEANUP_BEFORE_CONFIGURE);
    if (!ok) {
        cleanup(stage);
        return -1;
    }
    Vector<int> order;
    for (int i = 0; i < nelements(); ++i) {
        int at = order.size();
        while (at > 0 && _elements[order[at - 1]]->configure_phase() > _elements[i]->configure_phase())
            --at;
        order.insert(order.begin() + at, i);
    }
    for (int i : order) {
        ContextErrorHandler cerrh(errh, _landmarks[i], context(i));
        Vector<String> conf;
        cp_argvec(_confs[i], conf);
        int before = errh->nerrors(), r = _elements[i]->configure(conf, &cerrh);
        if (r < 0) {
            if (errh->nerrors() == before)
                cerrh.error("unspecified error");
            stage[i] = Element::CLEANUP_CONFIGURE_FAILED;
            ok = false;
        } else
            stage[i] = Element::CLEANUP_CONFIGURED;
    }
    if (ok)
        for (Element *e : _elements) {
            add_default_handlers(e);
            e->add_handlers();
        }
    _handlers_ready = ok;
    for (int k = 0; k < order.size() && ok; ++k) {
        int i = order[k];
        ContextErrorHandler cerrh(errh, _landmarks[i], "While initializing '" + _elements[i]->declaration() + "':");
        int before = errh->nerrors();
        if (_elements[i]->initialize(&cerrh) < 0) {
            if (errh->nerrors() == before)
                cerrh.error("unspecified error");
            stage[i] = Element::CLEANUP_INITIALIZE_FAILED;
            ok = false;
        } else
            stage[i] = Element::CLEANUP_INITIALIZED;
    }
    if (!ok) {
        cleanup(stage);
        return -1;
    }
    _initialized = true;
    return 0;
}

void Router::take_state() {
    for (Element *e : _elements)
        if (Element *old = e->hotswap_element()) {
            ContextErrorHandler cerrh(ErrorHandler::default_handler(), e->landmark(), "While hot-swapping state into '" + e->declaration() + "':");
            e->take_state(old, &cerrh);
        }
    _hotswap = nullptr;
}

void Router::cleanup(const Vector<char> &stage) {
    for (int i = nelements() - 1; i >= 0; --i)
        _elements[i]->cleanup((Element::CleanupStage) stage[i]);
}

CLICK_ENDDECLS
