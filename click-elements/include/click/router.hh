// Router: a flat set of connected elements, with their handlers and their life cycle.
#ifndef CLICK_ROUTER_HH
#define CLICK_ROUTER_HH
#include <click/element.hh>
#include <click/sync.hh>
CLICK_DECLS
class ElementFilter;
class Master;
class NameInfo;
class NotifierSignal;
class RouterVisitor;
class ThreadSched;

/** One end of a connection. */
struct PortRef { int element, port; };

class Router { public:
    struct Connection { PortRef from, to; String landmark; };

    Router(const String &configuration, Master *master);
    ~Router();

    // Building, by the language
    int add_element(Element *e, const String &name, const String &conf, const String &landmark);
    void add_connection(int from, int from_port, int to, int to_port, const String &landmark);
    void add_requirement(const String &type, const String &name) { _requirements.push_back(type ? type + " " + name : name); }
    /** Check ports, resolve push and pull, configure, add handlers, initialise. <0: it could not be. */
    int initialize(ErrorHandler *);

    /** The router that this one is to replace; its elements give their state to ours. */
    void set_hotswap_router(Router *old) { _hotswap = old; }
    Router *hotswap_router() const { return _hotswap; }
    /** Let each element take the state of its namesake in the hot-swap router. */
    void take_state();

    int nelements() const { return _elements.size(); }
    Element *element(int i) const { return i >= 0 && i < nelements() ? _elements[i] : i == -1 ? _root : nullptr; }
    Element *root_element() const { return _root; }
    Element *find(const String &name, ErrorHandler *errh = nullptr) const;
    /** As seen from inside @a context's compound, then from the outer ones. */
    Element *find(const String &name, const Element *context, ErrorHandler *errh = nullptr) const;
    Element *find(const String &name, String prefix, ErrorHandler *errh) const;
    static Element *element(const Router *r, int i) { return r ? r->element(i) : nullptr; }
    const Vector<Element *> &elements() const { return _elements; }
    /** The compound that element @a i stands in, with a slash. */
    String ename_context(int i) const { return ename(i).substring(0, ename(i).find_right('/') + 1); }
    const String &ename(int i) const { return _elements[i]->name(); }
    const String &econfiguration(int i) const { return _confs[i]; }
    void set_econfiguration(int i, const String &conf) { _confs[i] = conf; }
    void set_configuration(int i, const String &conf) { _confs[i] = conf; }
    const String &elandmark(int i) const { return _landmarks[i]; }
    const Vector<Connection> &connections() const { return _connections; }
    const String &configuration_string() const { return _configuration; }
    const Vector<String> &requirements() const { return _requirements; }
    /** Does @a flow_code let packets pass from @a input to @a output? */
    const char *flow_code(const Element *e) const { const String *s = e->eindex() < _flow_codes.size() ? &_flow_codes[e->eindex()] : nullptr; return s && *s ? s->c_str() : e->flow_code(); }
    void set_flow_code_override(int i, const String &code) { if (_flow_codes.size() < nelements()) _flow_codes.resize(nelements()); _flow_codes[i] = code; }
    const char *flow_code_override(int i) const { return i < _flow_codes.size() && _flow_codes[i] ? _flow_codes[i].c_str() : nullptr; }
    /** Show @a visitor the ports that port @a port of @a e leads to, and on through the elements for which it says true. */
    int visit(Element *e, bool isoutput, int port, RouterVisitor *visitor) const;
    int visit_downstream(Element *e, int port, RouterVisitor *v) const { return visit(e, true, port, v); }
    int visit_upstream(Element *e, int port, RouterVisitor *v) const { return visit(e, false, port, v); }
    int downstream_elements(Element *e, int port, ElementFilter *stop, Vector<Element *> &result) const;
    int upstream_elements(Element *e, int port, ElementFilter *stop, Vector<Element *> &result) const;
    int downstream_elements(Element *e, int port, Vector<Element *> &result) const { return downstream_elements(e, port, nullptr, result); }
    int upstream_elements(Element *e, int port, Vector<Element *> &result) const { return upstream_elements(e, port, nullptr, result); }
    static bool flow_connects(const char *flow_code, int input, int output);
    String flat_configuration() const;
    String element_ports_string(const Element *) const;
    Master *master() const { return _master; }
    /** The thread that runs the element's tasks and timers. */
    int home_thread_id(const Element *e) const { return e->eindex() >= 0 && e->eindex() < _home_threads.size() ? _home_threads[e->eindex()] : 0; }
    void set_home_thread_id(const Element *e, int thread) {
        if (_home_threads.size() < nelements()) _home_threads.resize(nelements(), 0);
        _home_threads[e->eindex()] = thread;
    }
    NameInfo *name_info() const { return _names; }
    NameInfo *force_name_info();
    /** Things that elements of a router share under a name; nobody frees them but who put them there. */
    void *attachment(const String &name) const;
    void *&force_attachment(const String &name);
    void *set_attachment(const String &name, void *value);
    /** An error handler that elements agree on by name (ChatterSocket); the default one otherwise. */
    ErrorHandler *chatter_channel(const String &name) const;
    ThreadSched *thread_sched() const { return _thread_sched; }
    void set_thread_sched(ThreadSched *s) { _thread_sched = s; }
    template <typename F> static void each_router(F f) { for (Router *r : all_routers()) f(r); }
    bool initialized() const { return _initialized; }
    bool running() const { return _initialized && !_stop; }
    /** Ask the driver to stop; a driver script may put that off. From any thread. */
    void please_stop_driver();
    void stop_driver_now();
    typedef bool (*StopFilter)(Element *);
    /** Let @a filter decide, at the end of a round, what a request to stop means: true, to stop. False if there is one already. */
    bool set_stop_filter(Element *e, StopFilter filter) { return !_stop_filter && (_stop_filter = filter, _stop_filterer = e); }
    bool stop_requested() const { return _stop_requests.load(std::memory_order_relaxed) > 0; }
    void filter_stop_requests();
    enum { STOP_RUNCOUNT = -2147483647 - 1 };
    /** The router runs while the count is above 0; it starts at 1. */
    int32_t runcount() const { return _runcount; }
    void set_runcount(int32_t n) { _runcount = n; if (n <= 0) please_stop_driver(); }
    void adjust_runcount(int32_t delta) { set_runcount(_runcount + delta); }
    bool handlers_ready() const { return _handlers_ready; }
    bool dying() const { return _stop; }
    bool stopping() const { return _stop; }

    // Handlers
    /** The handler of that name, made if need be, with flags changed. */
    Handler *handler_for_update(const Element *, const String &name, uint32_t set = 0, uint32_t clear = 0);
    static const Handler *handler(const Element *, const String &name);
    static void add_read_handler(const Element *, const String &name, ReadHandlerCallback, void *, uint32_t flags = 0);
    static void add_gradual_read_handler(const Element *, const String &name, GradualReadCallback, void *, uint32_t flags = 0);
    static void add_write_handler(const Element *, const String &name, WriteHandlerCallback, void *, uint32_t flags = 0);
    static void set_handler(const Element *, const String &name, uint32_t flags, HandlerCallback, void *rd = nullptr, void *wd = nullptr);
    static int set_handler_flags(const Element *e, const String &name, uint32_t set, uint32_t clear = 0);
    enum { FIRST_GLOBAL_HANDLER = 0x40000000 };
    const Vector<Handler *> &handlers(const Element *e) const { return _handlers[e->eindex() + 1]; }

  private:
    Element *_root;
    Vector<Element *> _elements;
    Vector<String> _confs, _landmarks, _requirements;
    Vector<Connection> _connections;
    Vector<Vector<Handler *>> _handlers;   // by eindex + 1, the root's first
    String _configuration;
    Master *_master;
    Router *_hotswap = nullptr;
    Vector<int> _home_threads;
    bool _initialized = false, _handlers_ready = false;
    Vector<String> _flow_codes;
    NameInfo *_names = nullptr;
    struct Attachment { String name; void *value; };
    Vector<Attachment *> _attachments;
    ThreadSched *_thread_sched = nullptr;
    std::atomic<int32_t> _runcount{1};
    static Vector<Router *> &all_routers();
    std::atomic<bool> _stop{false};
    std::atomic<int> _stop_requests{0};
    StopFilter _stop_filter = nullptr;
    Element *_stop_filterer = nullptr;

    static char processing_at(const char *code, bool isoutput, int i);
    int check_port_counts(ErrorHandler *);
    int resolve_processing(ErrorHandler *);
    int check_reuse(ErrorHandler *);
    String context(int i) const;
    void drop_names();
    void add_default_handlers(Element *);
    void cleanup(const Vector<char> &stage);
};

CLICK_ENDDECLS
#endif
