// Notifier: lets a puller sleep while there is nothing to pull, and a pusher while there is no room.
#ifndef CLICK_NOTIFIER_HH
#define CLICK_NOTIFIER_HH
#include <click/task.hh>
CLICK_DECLS
class Notifier;

/** Active while any of its notifiers is; always active when some path has none. */
class NotifierSignal { public:
    NotifierSignal() : _state(none) {}
    explicit NotifierSignal(const Notifier *n) : _state(none) { _notifiers.push_back(n); }
    static NotifierSignal busy_signal() { NotifierSignal s; s._state = always; return s; }
    static NotifierSignal idle_signal() { return NotifierSignal(); }
    static NotifierSignal overderived_signal() { return busy_signal(); }
    static NotifierSignal uninitialized_signal() { NotifierSignal s; s._state = unset; return s; }
    inline bool active() const;
    operator bool() const { return active(); }
    bool idle() const { return _state != always && _notifiers.empty(); }
    bool busy() const { return _state == always; }
    bool overderived() const { return _state == always; }
    bool initialized() const { return _state != unset; }
    NotifierSignal &operator+=(const NotifierSignal &x) {
        if (x._state == always || _state == unset) _state = x._state;
        for (const Notifier *n : x._notifiers) add(n);
        return *this;
    }
    friend NotifierSignal operator+(NotifierSignal a, const NotifierSignal &b) { return a += b; }
    bool operator==(const NotifierSignal &x) const {
        if (_state != x._state || _notifiers.size() != x._notifiers.size()) return false;
        for (int i = 0; i < _notifiers.size(); ++i) if (_notifiers[i] != x._notifiers[i]) return false;
        return true;
    }
    bool operator!=(const NotifierSignal &x) const { return !(*this == x); }
    void swap(NotifierSignal &x) { std::swap(_state, x._state); _notifiers.swap(x._notifiers); }
    String unparse(Router *) const;
  private:
    enum State { none, always, unset } _state;
    Vector<const Notifier *> _notifiers;
    void add(const Notifier *n) { for (const Notifier *m : _notifiers) if (m == n) return; _notifiers.push_back(n); }
};

class Notifier { public:
    /** Whether a search goes on behind this one's element, and whether its listeners are those further off too. */
    enum SearchOp { SEARCH_STOP = 0, SEARCH_CONTINUE, SEARCH_CONTINUE_WAKE };
    typedef void (*callback_type)(void *user_data, Notifier *);
    static const char EMPTY_NOTIFIER[], FULL_NOTIFIER[];
    explicit Notifier(SearchOp op = SEARCH_STOP) : _op(op) {}
    /** One that is what @a s is now, for ever. */
    inline explicit Notifier(const NotifierSignal &s, SearchOp op = SEARCH_STOP);
    virtual ~Notifier() {}
    /** For the sake of its name only: notifiers need no preparation here. */
    int initialize(const char *, Router *) { return 0; }
    bool initialized() const { return true; }
    SearchOp search_op() const { return _op; }
    NotifierSignal signal() const { return NotifierSignal(this); }
    bool active() const { return _active.load(std::memory_order_relaxed); }
    bool signal_active() const { return active(); }
    /** Returns what it was. */
    bool set_active(bool active) { return _active.exchange(active); }
    void wake() { set_active(true); }
    void sleep() { set_active(false); }
    virtual int add_activate_callback(callback_type, void *) { return 0; }
    /** wake(), whichever kind it is. */
    virtual void activate() { wake(); }
    virtual void remove_activate_callback(callback_type, void *) {}
    virtual int add_listener(Task *) { return 0; }
    virtual void remove_listener(Task *) {}

    static NotifierSignal upstream_empty_signal(Element *e, int port) { return search(EMPTY_NOTIFIER, true, e, port, nullptr, nullptr, nullptr); }
    static NotifierSignal upstream_empty_signal(Element *e, int port, Task *t) { return search(EMPTY_NOTIFIER, true, e, port, t, nullptr, nullptr); }
    static NotifierSignal upstream_empty_signal(Element *e, int port, Notifier *dependent) { return search(EMPTY_NOTIFIER, true, e, port, nullptr, wake_dependent, dependent); }
    static NotifierSignal upstream_empty_signal(Element *e, int port, callback_type f, void *v) { return search(EMPTY_NOTIFIER, true, e, port, nullptr, f, v); }
    static NotifierSignal downstream_full_signal(Element *e, int port) { return search(FULL_NOTIFIER, false, e, port, nullptr, nullptr, nullptr); }
    static NotifierSignal downstream_full_signal(Element *e, int port, Task *t) { return search(FULL_NOTIFIER, false, e, port, t, nullptr, nullptr); }
    static NotifierSignal downstream_full_signal(Element *e, int port, Notifier *dependent) { return search(FULL_NOTIFIER, false, e, port, nullptr, wake_dependent, dependent); }
    static NotifierSignal downstream_full_signal(Element *e, int port, callback_type f, void *v) { return search(FULL_NOTIFIER, false, e, port, nullptr, f, v); }
  protected:
    std::atomic<bool> _active{true};
  private:
    SearchOp _op;
    static void wake_dependent(void *user_data, Notifier *);
    static NotifierSignal search(const char *what, bool up, Element *e, int port, Task *, callback_type, void *);
};

/** Wakes (reschedules) its listeners. */
class ActiveNotifier : public Notifier { public:
    explicit ActiveNotifier(SearchOp op = SEARCH_STOP) : Notifier(op) {}
    int add_listener(Task *t) override { for (Task *x : _listeners) if (x == t) return 0; _listeners.push_back(t); return 0; }
    void remove_listener(Task *t) override { for (int i = _listeners.size() - 1; i >= 0; --i) if (_listeners[i] == t) _listeners.erase(_listeners.begin() + i); }
    int add_activate_callback(callback_type f, void *v) override { _callbacks.push_back(Callback{f, v}); return 0; }
    void remove_activate_callback(callback_type f, void *v) override {
        for (int i = _callbacks.size() - 1; i >= 0; --i)
            if (_callbacks[i].f == f && _callbacks[i].v == v) _callbacks.erase(_callbacks.begin() + i);
    }
    void listeners(Vector<Task *> &v) const { v = _listeners; }
    void set_active(bool active, bool schedule = true) {
        if (this->active() != active) {
            _active.store(active);
            if (active && schedule) {
                for (Task *t : _listeners) t->reschedule();
                for (const Callback &c : _callbacks) c.f(c.v, this);
            }
        }
    }
    void wake() { set_active(true); }
    void sleep() { set_active(false); }
    void activate() override { wake(); }
    String unparse(Router *) const;
  private:
    struct Callback { callback_type f; void *v; };
    Vector<Task *> _listeners;
    Vector<Callback> _callbacks;
};

inline bool NotifierSignal::active() const {
    if (_state == always) return true;
    for (const Notifier *n : _notifiers) if (n->active()) return true;
    return false;
}
inline Notifier::Notifier(const NotifierSignal &s, SearchOp op) : _active(s.active()), _op(op) {}
inline void click_swap(NotifierSignal &a, NotifierSignal &b) { a.swap(b); }

CLICK_ENDDECLS
#endif
