// Notifier: lets a puller sleep while there is nothing to pull, and a pusher while there is no room.
#ifndef CLICK_NOTIFIER_HH
#define CLICK_NOTIFIER_HH
#include <click/task.hh>
CLICK_DECLS

class Notifier { public:
    static const char EMPTY_NOTIFIER[], FULL_NOTIFIER[];
    Notifier() {}
    virtual ~Notifier() {}
    bool active() const { return _active.load(std::memory_order_relaxed); }
    bool signal_active() const { return active(); }
    virtual void add_listener(Task *) {}
    static class NotifierSignal upstream_empty_signal(Element *e, int port, Task *t);
    static class NotifierSignal upstream_empty_signal(Element *e, int port) ;
    static class NotifierSignal downstream_full_signal(Element *e, int port, Task *t);
    static class NotifierSignal downstream_full_signal(Element *e, int port);
  protected:
    std::atomic<bool> _active{true};
};

/** Wakes (reschedules) its listeners. */
class ActiveNotifier : public Notifier { public:
    void add_listener(Task *t) override { for (Task *x : _listeners) if (x == t) return; _listeners.push_back(t); }
    void set_active(bool active, bool schedule = true) {
        if (this->active() != active) {
            _active.store(active);
            if (active && schedule) for (Task *t : _listeners) t->reschedule();
        }
    }
    void wake() { set_active(true); }
    void sleep() { set_active(false); }
  private:
    Vector<Task *> _listeners;
};

/** Active while any of its notifiers is; always active when some path has none. */
class NotifierSignal { public:
    NotifierSignal() {}
    static NotifierSignal busy_signal() { return NotifierSignal(); }
    static NotifierSignal idle_signal() { NotifierSignal s; s._busy = false; return s; }
    explicit NotifierSignal(const Notifier *n) : _busy(false) { _notifiers.push_back(n); }
    bool active() const {
        if (_busy) return true;
        for (const Notifier *n : _notifiers) if (n->active()) return true;
        return false;
    }
    explicit operator bool() const { return active(); }
    bool idle() const { return !_busy && _notifiers.empty(); }
    bool busy() const { return _busy; }
    NotifierSignal &operator+=(const NotifierSignal &x) { _busy |= x._busy; for (const Notifier *n : x._notifiers) _notifiers.push_back(n); return *this; }
  private:
    bool _busy = true;
    Vector<const Notifier *> _notifiers;
};

CLICK_ENDDECLS
#endif
