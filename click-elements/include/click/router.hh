// Router: a flat set of connected elements, with their handlers and their life cycle.
#ifndef CLICK_ROUTER_HH
#define CLICK_ROUTER_HH
#include <click/element.hh>
#include <click/sync.hh>
CLICK_DECLS
class Master;

/** One end of a connection. */
struct PortRef { int element, port; };

class Router { public:
    struct Connection { PortRef from, to; String landmark; };

    Router(const String &configuration, Master *master);
    ~Router();

    // Building, by the language
    int add_element(Element *e, const String &name, const String &conf, const String &landmark);
    void add_connection(int from, int from_port, int to, int to_port, const String &landmark);
    void add_requirement(const String &type, const String &name) { _requirements.push_back(type + " " + name); }
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
    const String &ename(int i) const { return _elements[i]->name(); }
    const String &econfiguration(int i) const { return _confs[i]; }
    void set_configuration(int i, const String &conf) { _confs[i] = conf; }
    const String &elandmark(int i) const { return _landmarks[i]; }
    const Vector<Connection> &connections() const { return _connections; }
    const String &configuration_string() const { return _configuration; }
    const Vector<String> &requirements() const { return _requirements; }
    /** Does @a flow_code let packets pass from @a input to @a output? */
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
    void adjust_runcount(int delta) { if (delta < 0) please_stop_driver(); }
    bool stopping() const { return _stop; }

    // Handlers
    /** The handler of that name, made if need be, with flags changed. */
    Handler *handler_for_update(const Element *, const String &name, uint32_t set = 0, uint32_t clear = 0);
    static const Handler *handler(const Element *, const String &name);
    static void add_read_handler(const Element *, const String &name, ReadHandlerCallback, void *, uint32_t flags = 0);
    static void add_write_handler(const Element *, const String &name, WriteHandlerCallback, void *, uint32_t flags = 0);
    static void set_handler(const Element *, const String &name, uint32_t flags, HandlerCallback, void *rd = nullptr, void *wd = nullptr);
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
    bool _initialized = false;
    std::atomic<bool> _stop{false};
    std::atomic<int> _stop_requests{0};
    StopFilter _stop_filter = nullptr;
    Element *_stop_filterer = nullptr;

    int check_port_counts(ErrorHandler *);
    int resolve_processing(ErrorHandler *);
    int check_reuse(ErrorHandler *);
    String context(int i) const;
    void add_default_handlers(Element *);
    void cleanup(const Vector<char> &stage);
};

CLICK_ENDDECLS
#endif
