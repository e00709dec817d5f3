// Element: the base of every packet processing module. See the Click paper (Kohler et al., TOCS 18(3), 2000)
// for the model; this is the same public interface, written afresh.
#ifndef CLICK_ELEMENT_HH
#define CLICK_ELEMENT_HH
#include <click/handler.hh>
#include <click/packetbatch.hh>
CLICK_DECLS
class Router;
class RouterThread;
class Task;
class Timer;
class EtherAddress;
class Master;
class NotifierSignal;

/** While one lives, what its element pushes packet by packet is gathered and pushed on in batches when it ends, so that an
    element that knows nothing of batches does not break them up. The order within each output stays. */
class GatherScope { public:
    explicit GatherScope(Element *e);
    ~GatherScope();
    GatherScope(const GatherScope &) = delete;
  private:
    friend class Element;
    enum { max_outputs = 8 };
    Element *_e;
    GatherScope *_outer;
    int _n;
    union { BatchBuilder _parts[max_outputs]; };        // only the first _n are there
};
/** The calling thread's innermost scope. */
extern __thread GatherScope *click_gather;

class Element { public:
    Element() {}
    virtual ~Element() {}
    Element(const Element &) = delete;
    Element &operator=(const Element &) = delete;

    // What the element is
    virtual const char *class_name() const = 0;
    virtual const char *port_count() const { return PORTS_0_0; }
    virtual const char *processing() const { return AGNOSTIC; }
    virtual const char *flow_code() const { return COMPLETE_FLOW; }
    virtual const char *flags() const { return ""; }
    virtual void *cast(const char *name);
    virtual void *port_cast(bool isoutput, int port, const char *name);
    static const char PORTS_0_0[], PORTS_0_1[], PORTS_1_0[], PORTS_1_1[], PORTS_1_1X2[];
    static const char AGNOSTIC[], PUSH[], PULL[], PUSH_TO_PULL[], PULL_TO_PUSH[], PROCESSING_A_AH[];
    static const char COMPLETE_FLOW[];

    // Its life: configure (by phase), add_handlers, initialize, take_state, ... , cleanup
    enum ConfigurePhase {
        CONFIGURE_PHASE_FIRST = 0, CONFIGURE_PHASE_INFO = 20, CONFIGURE_PHASE_PRIVILEGED = 90,
        CONFIGURE_PHASE_DEFAULT = 100, CONFIGURE_PHASE_LAST = 2000
    };
    enum CleanupStage {
        CLEANUP_BEFORE_CONFIGURE, CLEANUP_NO_ROUTER = CLEANUP_BEFORE_CONFIGURE, CLEANUP_CONFIGURE_FAILED, CLEANUP_CONFIGURED,
        CLEANUP_INITIALIZE_FAILED, CLEANUP_INITIALIZED, CLEANUP_ROUTER_INITIALIZED, CLEANUP_MANUAL
    };
    virtual int configure_phase() const { return CONFIGURE_PHASE_DEFAULT; }
    virtual int configure(Vector<String> &conf, ErrorHandler *errh);
    virtual void add_handlers() {}
    virtual int initialize(ErrorHandler *) { return 0; }
    virtual void take_state(Element *, ErrorHandler *) {}
    virtual Element *hotswap_element() const;
    virtual void cleanup(CleanupStage) {}
    virtual bool can_live_reconfigure() const { return false; }
    virtual int live_reconfigure(Vector<String> &conf, ErrorHandler *errh);

    // Its work. An element writes one of simple_action(), push() and pull(), or the batch forms; the others follow from it.
    virtual void push(int port, Packet *p);
    virtual Packet *pull(int port);
    virtual Packet *simple_action(Packet *p) { return p; }
    virtual void push_batch(int port, PacketBatch *batch);
    /** At most @a max packets, null for none. */
    virtual PacketBatch *pull_batch(int port, unsigned max);
    virtual PacketBatch *simple_action_batch(PacketBatch *batch);
    virtual bool run_task(Task *) { return false; }
    virtual void run_timer(Timer *) {}
    enum { SELECT_READ = 1, SELECT_WRITE = 2 };
    virtual void selected(int fd, int mask) { (void) mask; selected(fd); }
    virtual void selected(int) {}
    int add_select(int fd, int mask);
    int remove_select(int fd, int mask);

    // Its place
    const String &name() const { return _name; }
    String id() const { return _name; }
    String declaration() const { return _name + " :: " + class_name(); }
    String landmark() const;
    Router *router() const { return _router; }
    /** For elements that are not a router's own but made by one of its elements. */
    void attach_router(Router *r, int eindex) { _router = r, _eindex = eindex; }
    int eindex() const { return _eindex; }
    Master *master() const;
    /** The arguments as written, variables expanded. */
    String configuration() const;
    int eindex(const Router *r) const { return r == _router ? _eindex : -1; }
    RouterThread *home_thread() const;
    int home_thread_id() const;

    // Its ports
    class Port { public:
        bool active() const { return _e; }
        explicit operator bool() const { return active(); }
        Element *element() const { return _e; }
        int port() const { return _port; }
        void push(Packet *p) const {
            if (unlikely(click_gather != nullptr) && gather(p)) return;
            _e->push(_port, p);
        }
        Packet *pull() const { return _e->pull(_port); }
        void push_batch(PacketBatch *b) const { _e->push_batch(_port, b); }
        PacketBatch *pull_batch(unsigned max) const { return _e->pull_batch(_port, max); }
      private:
        friend class Router;
        Element *_e = nullptr;
        int _port = -1;
        bool gather(Packet *) const;
    };
    int nports(bool isoutput) const { return _ports[isoutput].size(); }
    int ninputs() const { return _ports[0].size(); }
    int noutputs() const { return _ports[1].size(); }
    const Port &port(bool isoutput, int i) const { return _ports[isoutput][i]; }
    const Port &input(int i) const { return _ports[0][i]; }
    const Port &output(int i) const { return _ports[1][i]; }
    bool port_active(bool isoutput, int i) const;
    bool input_is_push(int i) const { return i < ninputs() && !_pull[0][i]; }
    bool input_is_pull(int i) const { return i < ninputs() && _pull[0][i]; }
    bool output_is_push(int i) const { return i < noutputs() && !_pull[1][i]; }
    bool output_is_pull(int i) const { return i < noutputs() && _pull[1][i]; }
    void checked_output_push(int i, Packet *p) const {
        if ((unsigned) i < (unsigned) noutputs())
            _ports[1][i].push(p);
        else
            p->kill();
    }
    void checked_output_push_batch(int i, PacketBatch *b) const {
        if ((unsigned) i < (unsigned) noutputs())
            _ports[1][i].push_batch(b);
        else
            b->kill();
    }

    // Handlers
    void add_read_handler(const String &name, ReadHandlerCallback, const void *user_data = nullptr, uint32_t flags = 0);
    /** One whose value ControlSocket makes between packets. Not there in Click. */
    void add_gradual_read_handler(const String &name, GradualReadCallback, const void *user_data = nullptr, uint32_t flags = 0);
    void add_read_handler(const String &name, ReadHandlerCallback f, int user_data, uint32_t flags = 0) { add_read_handler(name, f, (void *) (uintptr_t) user_data, flags); }
    void add_write_handler(const String &name, WriteHandlerCallback, const void *user_data = nullptr, uint32_t flags = 0);
    void add_write_handler(const String &name, WriteHandlerCallback f, int user_data, uint32_t flags = 0) { add_write_handler(name, f, (void *) (uintptr_t) user_data, flags); }
    void set_handler(const String &name, int flags, HandlerCallback, const void *read_data = nullptr, const void *write_data = nullptr);
    void set_handler(const String &name, int flags, HandlerCallback f, int read_data, int write_data = 0) {
        set_handler(name, flags, f, (void *) (uintptr_t) read_data, (void *) (uintptr_t) write_data);
    }
    int set_handler_flags(const String &name, int set, int clear = 0);
    void add_task_handlers(Task *task, const String &prefix = String());
    template <typename T> void add_data_handlers(const String &name, int flags, T *data);
    /** Seconds, as an interval rather than a point in time if @a is_interval. */
    void add_data_handlers(const String &name, int flags, Timestamp *data, bool is_interval);
    /** The value in *@a data is in network order. */
    template <typename T> void add_net_order_data_handlers(const String &name, int flags, T *data);
    enum { TASKHANDLER_WRITE_SCHEDULED = 1, TASKHANDLER_WRITE_TICKETS = 2, TASKHANDLER_WRITE_HOME_THREAD = 4, TASKHANDLER_WRITE_ALL = 7, TASKHANDLER_DEFAULT = 6 };
    void add_task_handlers(Task *task, NotifierSignal *, const String &prefix = String()) { add_task_handlers(task, prefix); }
    void add_task_handlers(Task *task, NotifierSignal *, int, const String &prefix = String()) { add_task_handlers(task, prefix); }
    int local_llrpc(unsigned command, void *data) { return llrpc(command, data); }
    static String read_keyword_handler(Element *, void *);
    static int reconfigure_keyword_handler(const String &, Element *, void *, ErrorHandler *);
    static String read_positional_handler(Element *e, void *v) { return read_keyword_handler(e, v); }
    static int reconfigure_positional_handler(const String &s, Element *e, void *v, ErrorHandler *errh) { return reconfigure_keyword_handler(s, e, v, errh); }
    virtual int llrpc(unsigned, void *) { return -EINVAL; }

  private:
    friend class Router;
    friend class GatherScope;
    Vector<Port> _ports[2];
    Vector<char> _pull[2];
    Router *_router = nullptr;
    int _eindex = -1;
    String _name;

    template <typename T> static String read_data(Element *, void *);
    template <typename T> static String read_net_data(Element *, void *);
    template <typename T> static int write_net_data(const String &, Element *, void *, ErrorHandler *);
    template <typename T> static int write_data(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#include <click/args.hh>
CLICK_DECLS

template <typename T> String Element::read_data(Element *, void *data) {
    StringAccum sa;
    if constexpr (std::is_same<T, unsigned char>::value)
        sa << (int) *(T *) data;        // a small number, not a character
    else
        sa << *(T *) data;
    return sa.take_string();
}
template <typename T> int Element::write_data(const String &s, Element *e, void *data, ErrorHandler *errh) {
    constexpr const char *wanted = std::is_same<T, bool>::value ? "expected boolean" : std::is_integral<T>::value ? "expected integer"
        : std::is_same<T, IPAddress>::value ? "expected IP address" : std::is_same<T, EtherAddress>::value ? "expected Ethernet address" : "syntax error";
    T value = T();
    if (!DefaultArg<T>().parse(cp_uncomment(s), value, ArgContext(e)))
        return errh->error("%s", wanted);
    *(T *) data = value;
    return 0;
}
template <typename T> String Element::read_net_data(Element *, void *data) { return String(net_to_host_order(*(T *) data)); }
template <typename T> int Element::write_net_data(const String &s, Element *e, void *data, ErrorHandler *errh) {
    T value;
    int r = write_data<T>(s, e, &value, errh);
    if (r >= 0) *(T *) data = host_to_net_order(value);
    return r;
}
template <typename T> void Element::add_net_order_data_handlers(const String &name, int flags, T *data) {
    if (flags & Handler::f_read) add_read_handler(name, read_net_data<T>, data, flags & ~Handler::f_write);
    if (flags & Handler::f_write) add_write_handler(name, write_net_data<T>, data, flags & ~Handler::f_read);
}
template <typename T> void Element::add_data_handlers(const String &name, int flags, T *data) {
    if (flags & Handler::f_read)
        add_read_handler(name, read_data<T>, data, flags & ~Handler::f_write);
    if (flags & Handler::f_write)
        add_write_handler(name, write_data<T>, data, flags & ~Handler::f_read);
}

CLICK_ENDDECLS
#endif
