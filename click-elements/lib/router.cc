// Router: port checks, push/pull resolution, life cycle, handlers.
#include <click/config.h>
#include <click/elementtypes.hh>
#include <click/master.hh>
#include <click/router.hh>
CLICK_DECLS

namespace {
/** The pseudo-element whose handlers are the global ones. */
class RootElement : public Element { public:
    const char *class_name() const override { return "<root>"; }
};

/** The bounds of one side of a port_count() code: "1", "1-2", "-", "1-", "=", "=+". */
struct PortRange { int low, high; bool same, plus; };

PortRange parse_range(const char *&s) {
    PortRange r = {0, 0, false, false};
    if (*s == '=') {
        r.same = true;
        for (++s; *s == '+'; ++s)
            r.plus = true;
        return r;
    }
    if (isdigit((unsigned char) *s))
        r.low = r.high = (int) strtol(s, (char **) &s, 10);
    if (*s == '-') {
        ++s;
        r.high = isdigit((unsigned char) *s) ? (int) strtol(s, (char **) &s, 10) : INT_MAX;
    }
    return r;
}

/** The letter for port @a i in one side of a processing code; the last letter repeats. */
char processing_at(const char *code, bool isoutput, int i) {
    const char *slash = strchr(code, '/');
    const char *b = isoutput && slash ? slash + 1 : code, *e = isoutput || !slash ? b + strlen(b) : slash;
    return e == b ? 'a' : b[i < e - b ? i : e - b - 1];
}

/** Does the flow-code item at @a s (a letter, `#` or `[...]`) hold @a c? */
const char *next_item(const char *s) {
    if (*s == '[')
        while (*s && *s != ']') ++s;
    return *s ? s + 1 : s;
}
const char *item_at(const char *b, const char *e, int port) {
    for (; port > 0 && next_item(b) < e; --port)
        b = next_item(b);
    return b;
}
bool items_meet(const char *a, int aport, const char *b, int bport) {
    auto has = [](const char *item, int port, int c) {
        auto eq = [&](char x) { return x == '#' ? c == 256 + port : x == c; };
        if (*item != '[') return eq(*item);
        bool negate = item[1] == '^', found = false;
        for (const char *p = item + 1 + negate; *p && *p != ']'; ++p) found |= eq(*p);
        return found != negate;
    };
    for (int c = 'A'; c <= 'z'; ++c)
        if (has(a, aport, c) && has(b, bport, c)) return true;
    return has(a, aport, 256 + aport) && has(b, bport, 256 + aport);
}
}

Router::Router(const String &configuration, Master *master) : _root(new RootElement), _configuration(configuration), _master(master) {
    _root->_router = this;
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

// ---- Ports

int Router::check_port_counts(ErrorHandler *errh) {
    Vector<int> n[2] = {Vector<int>(nelements(), 0), Vector<int>(nelements(), 0)};
    for (const Connection &c : _connections) {
        n[1][c.from.element] = click_max(n[1][c.from.element], c.from.port + 1);
        n[0][c.to.element] = click_max(n[0][c.to.element], c.to.port + 1);
    }
    int before = errh->nerrors();
    for (int i = 0; i < nelements(); ++i) {
        Element *e = _elements[i];
        const char *s = e->port_count();
        PortRange in = parse_range(s), out = in;
        if (*s == '/')
            ++s, out = parse_range(s);
        for (int o = 0; o < 2; ++o) {
            PortRange r = o ? out : in;
            if (r.same) {
                int base = click_max(n[0][i], in.low);
                r = PortRange{base + r.plus, base + r.plus, false, false};
                if (out.plus && n[1][i] > base)        // "=+": equal, or one more
                    r.low = r.high = n[1][i] <= base + 1 ? n[1][i] : base + 1;
                else if (out.plus)
                    r.low = r.high = base;
            }
            const char *word = o ? "output" : "input";
            if (n[o][i] > r.high)
                for (int p = r.high; p < n[o][i]; ++p)
                    errh->lerror(_landmarks[i], "%<%p{element}%> has no %s %d", e, word, p);
            n[o][i] = click_min(click_max(n[o][i], r.low), r.high);
            e->_ports[o].assign(n[o][i]);
            e->_pull[o].assign(n[o][i], 0);
        }
    }
    Vector<Vector<char>> used[2] = {Vector<Vector<char>>(nelements()), Vector<Vector<char>>(nelements())};
    for (int o = 0; o < 2; ++o)
        for (int i = 0; i < nelements(); ++i)
            used[o][i].assign(n[o][i], 0);
    for (const Connection &c : _connections) {
        if (c.from.port < n[1][c.from.element]) used[1][c.from.element][c.from.port] = 1;
        if (c.to.port < n[0][c.to.element]) used[0][c.to.element][c.to.port] = 1;
    }
    for (int i = 0; i < nelements(); ++i)
        for (int o = 0; o < 2; ++o)
            for (int p = 0; p < n[o][i]; ++p)
                if (!used[o][i][p])
                    errh->lerror(_landmarks[i], "%<%p{element}%> %s %d unused", _elements[i], o ? "output" : "input", p);
    return errh->nerrors() == before ? 0 : -1;
}

bool Router::flow_connects(const char *code, int input, int output) {
    if (!code || strcmp(code, Element::COMPLETE_FLOW) == 0)
        return true;
    const char *slash = strchr(code, '/'), *end = code + strlen(code);
    const char *ib = code, *ie = slash ? slash : end, *ob = slash ? slash + 1 : code, *oe = end;
    if (ib == ie || ob == oe)
        return false;
    return items_meet(item_at(ib, ie, input), input, item_at(ob, oe, output), output);
}

int Router::resolve_processing(ErrorHandler *errh) {
    // 'h' and 'l' are fixed; agnostic ports stay 'a' until a neighbour or the other side of the element decides.
    Vector<Vector<char>> proc[2] = {Vector<Vector<char>>(nelements()), Vector<Vector<char>>(nelements())}, declared[2] = {proc[0], proc[1]};
    for (int i = 0; i < nelements(); ++i)
        for (int o = 0; o < 2; ++o) {
            for (int p = 0; p < _elements[i]->nports(o); ++p)
                proc[o][i].push_back(processing_at(_elements[i]->processing(), o, p));
            declared[o][i] = proc[o][i];
        }
    int before = errh->nerrors();
    Vector<char> complained(nelements(), 0), bad(_connections.size(), 0);
    for (bool changed = true; changed; ) {
        changed = false;
        for (int k = 0; k < _connections.size(); ++k) {
            const Connection &c = _connections[k];
            char &a = proc[1][c.from.element][c.from.port], &b = proc[0][c.to.element][c.to.port];
            if (a == 'a' && b != 'a') a = b, changed = true;
            else if (b == 'a' && a != 'a') b = a, changed = true;
            else if (a != b && !bad[k]) {
                bad[k] = 1;
                errh->lerror(c.landmark, "%<%p{element}%> %s output %d connected to %<%p{element}%> %s input %d", _elements[c.from.element],
                             a == 'l' ? "pull" : "push", c.from.port, _elements[c.to.element], b == 'l' ? "pull" : "push", c.to.port);
            }
        }
        for (int i = 0; i < nelements(); ++i)
            for (int p = 0; p < proc[0][i].size(); ++p)
                for (int q = 0; q < proc[1][i].size(); ++q) {
                    if (declared[0][i][p] != 'a' || declared[1][i][q] != 'a' || !flow_connects(_elements[i]->flow_code(), p, q))
                        continue;
                    char &a = proc[0][i][p], &b = proc[1][i][q];
                    if (a == b) continue;
                    if (a == 'a') a = b, changed = true;
                    else if (b == 'a') b = a, changed = true;
                    else if (!complained[i]) {
                        complained[i] = 1;
                        errh->lerror(_landmarks[i], "agnostic %<%p{element}%> in mixed context: %s input %d, %s output %d", _elements[i],
                                     a == 'l' ? "pull" : "push", p, b == 'l' ? "pull" : "push", q);
                    }
                }
    }
    for (int i = 0; i < nelements(); ++i)
        for (int o = 0; o < 2; ++o)
            for (int p = 0; p < proc[o][i].size(); ++p)
                _elements[i]->_pull[o][p] = proc[o][i][p] == 'l';
    return errh->nerrors() == before ? 0 : -1;
}

int Router::check_reuse(ErrorHandler *errh) {
    int before = errh->nerrors();
    for (int k = 0; k < _connections.size(); ++k) {
        const Connection &c = _connections[k];
        Element *from = _elements[c.from.element], *to = _elements[c.to.element];
        Element::Port &out = from->_ports[1][c.from.port], &in = to->_ports[0][c.to.port];
        if (from->output_is_push(c.from.port)) {
            if (out._e)
                errh->lerror(c.landmark, "illegal reuse of %<%p{element}%> push output %d", from, c.from.port);
            out._e = to, out._port = c.to.port;
            if (!in._e) in._e = from, in._port = c.from.port;
        } else {
            if (in._e)
                errh->lerror(c.landmark, "illegal reuse of %<%p{element}%> pull input %d", to, c.to.port);
            in._e = from, in._port = c.from.port;
            if (!out._e) out._e = to, out._port = c.to.port;
        }
    }
    return errh->nerrors() == before ? 0 : -1;
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

// ---- Handlers

Handler *Router::handler_for_update(const Element *e, const String &name, uint32_t set, uint32_t clear) {
    Vector<Handler *> &list = _handlers[e->eindex() + 1];
    Handler *found = nullptr;
    for (Handler *h : list)
        if (h->_name == name)
            found = h;
    if (!found)
        list.push_back(found = new Handler(name));
    found->_flags = (found->_flags & ~clear) | set;
    return found;
}

const Handler *Router::handler(const Element *e, const String &name) {
    for (const Handler *h : e->router()->handlers(e))
        if (h->name() == name)
            return h;
    // An element that has handlers of any name makes one when its handler * is told so.
    if (name != "*")
        if (const Handler *star = handler(e, "*"))
            if (star->call_write(name, const_cast<Element *>(e), nullptr) >= 0)
                for (const Handler *h : e->router()->handlers(e))
                    if (h->name() == name) return h;
    return nullptr;
}

void Router::add_read_handler(const Element *e, const String &name, ReadHandlerCallback f, void *data, uint32_t flags) {
    Handler *h = e->router()->handler_for_update(e, name, flags | Handler::f_read, 0);
    h->_read = f, h->_read_data = data;
    if (h->_comprehensive)
        h->_comprehensive = nullptr;
}

void Router::add_write_handler(const Element *e, const String &name, WriteHandlerCallback f, void *data, uint32_t flags) {
    Handler *h = e->router()->handler_for_update(e, name, flags | Handler::f_write, 0);
    h->_write = f, h->_write_data = data;
}

void Router::set_handler(const Element *e, const String &name, uint32_t flags, HandlerCallback f, void *rd, void *wd) {
    if (flags & Handler::f_read_param)
        flags |= Handler::f_read;
    Handler *h = e->router()->handler_for_update(e, name, flags, ~0U);
    h->_comprehensive = f, h->_read = nullptr, h->_write = nullptr, h->_read_data = rd, h->_write_data = wd;
}

namespace {
String read_standard(Element *e, void *data) {
    Router *r = e->router();
    switch ((uintptr_t) data) {
    case 0: return e->name();
    case 1: return e->class_name();
    case 2: return r->econfiguration(e->eindex());
    case 3: return r->element_ports_string(e);
    default: {
        StringAccum sa;
        const Vector<Handler *> &list = r->handlers(e);
        for (int i = list.size() - 1; i >= 0; --i)
            if (list[i]->visible())
                sa << list[i]->name() << '\t' << list[i]->unparse_flags() << '\n';
        return sa.take_string();
    }
    }
}
int write_config(const String &text, Element *e, void *, ErrorHandler *errh) {
    Vector<String> conf;
    cp_argvec(text, conf);
    int r = e->live_reconfigure(conf, errh);
    if (r >= 0)
        e->router()->set_configuration(e->eindex(), text);
    return r;
}
}

void Router::add_default_handlers(Element *e) {
    e->add_read_handler("name", read_standard, 0, Handler::f_calm);
    e->add_read_handler("class", read_standard, 1, Handler::f_calm);
    e->add_read_handler("config", read_standard, 2, Handler::f_calm);
    if (e->can_live_reconfigure()) {
        e->add_write_handler("config", write_config, 0);
        e->set_handler_flags("config", 0, Handler::f_calm);
    }
    e->add_read_handler("ports", read_standard, 3, Handler::f_calm);
    e->add_read_handler("handlers", read_standard, 4, Handler::f_calm);
}

// ---- Text

String Router::element_ports_string(const Element *e) const {
    StringAccum sa;
    for (int o = 0; o < 2; ++o) {
        int n = e->nports(o);
        sa << n << (o ? " output" : " input") << (n == 1 ? "\n" : "s\n");
        for (int p = 0; p < n; ++p) {
            bool agnostic = processing_at(e->processing(), o, p) == 'a';
            sa << (e->_pull[o][p] ? "pull" : "push") << (agnostic ? "~" : "") << "\t-\t";
            bool first = true;
            for (const Connection &c : _connections) {
                const PortRef &me = o ? c.from : c.to, &other = o ? c.to : c.from;
                if (me.element != e->eindex() || me.port != p)
                    continue;
                sa << (first ? "" : ", ");
                if (o)
                    sa << '[' << other.port << "] " << _elements[other.element]->name();
                else
                    sa << _elements[other.element]->name() << " [" << other.port << ']';
                first = false;
            }
            sa << '\n';
        }
    }
    return sa.take_string();
}

String Router::flat_configuration() const {
    StringAccum sa;
    for (const String &r : _requirements)
        sa << "require(" << r << ");\n";
    if (!_requirements.empty())
        sa << '\n';
    for (int i = 0; i < nelements(); ++i) {
        sa << _elements[i]->name() << " :: " << _elements[i]->class_name();
        if (_confs[i])
            sa << '(' << _confs[i] << ')';
        sa << ";\n";
    }
    if (_connections.empty())
        return sa.take_string();
    sa << '\n';
    // Chains: start where nothing can be joined in front, then follow port 0 to port 0.
    Vector<char> done(_connections.size(), 0);
    auto next_of = [&](int element) {
        for (int k = 0; k < _connections.size(); ++k)
            if (!done[k] && _connections[k].from.element == element && _connections[k].from.port == 0) return k;
        return -1;
    };
    for (int start = 0; start < _connections.size(); ++start) {
        if (done[start])
            continue;
        for (int steps = _connections.size(); steps > 0; --steps) {       // go back to the head of this chain
            const Connection &c = _connections[start];
            int before = -1;
            for (int k = 0; k < _connections.size() && c.from.port == 0 && before < 0; ++k)
                if (!done[k] && k != start && _connections[k].to.element == c.from.element) before = k;
            if (before < 0)
                break;
            start = before;
        }
        int k = start;
        const Connection *c = &_connections[k];
        sa << _elements[c->from.element]->name();
        if (c->from.port)
            sa << " [" << c->from.port << ']';
        for (bool first = true; k >= 0; first = false) {
            c = &_connections[k];
            done[k] = 1;
            sa << (first ? " -> " : "\n    -> ");
            if (c->to.port)
                sa << '[' << c->to.port << "] ";
            sa << _elements[c->to.element]->name();
            k = next_of(c->to.element);
        }
        sa << ";\n";
        start = -1;      // start again from the first undone one
    }
    return sa.take_string();
}

CLICK_ENDDECLS
