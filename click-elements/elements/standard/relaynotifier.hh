#ifndef CLICK_RELAYNOTIFIER_HH
#define CLICK_RELAYNOTIFIER_HH
#include <click/notifier.hh>
#include <click/task.hh>
CLICK_DECLS

/** The empty-notifier of an element that holds packets back: asleep when the element says so, or when it has nothing and no
    one upstream has; awake when the element says so or someone upstream wakes. */
class RelayNotifier : public ActiveNotifier { public:
    RelayNotifier() : _task(woken, this) {}
    void initialize(Element *e, int port) {
        _task.initialize(e, false);
        _signal = Notifier::upstream_empty_signal(e, port, &_task);
    }
    /** The input gave nothing. */
    void nothing() {
        if (_signal.active()) return;
        sleep();
        if (_signal.active()) wake();
    }
    /** Sleep whatever there is upstream, until wake() is called. */
    void hold() { _held = true; sleep(); }
    void release() { _held = false; wake(); }
    bool upstream_active() const { return _signal.active(); }
  private:
    Task _task;
    NotifierSignal _signal;
    bool _held = false;
    static bool woken(Task *, void *data) {
        RelayNotifier *n = static_cast<RelayNotifier *>(data);
        if (!n->_held) n->wake();
        return true;
    }
};

CLICK_ENDDECLS
#endif
