// Finding the notifiers that stand behind an input or before an output.
#include <click/config.h>
#include <click/notifier.hh>
#include <click/router.hh>
CLICK_DECLS

const char Notifier::EMPTY_NOTIFIER[] = "empty", Notifier::FULL_NOTIFIER[] = "full";

namespace {
/** Collects the notifiers named @a what reached from one port over passive connections. */
struct Search {
    const char *what;
    bool up;                 // against the flow, from inputs
    Task *listener;
    Notifier::callback_type callback;
    void *callback_data;
    NotifierSignal signal;
    Vector<char> seen;

    void from(Element *e, int port, bool count) {
        Router *r = e->router();
        if (seen.empty()) seen.assign(r->nelements(), 0);
        for (const Router::Connection &c : r->connections()) {
            const PortRef &me = up ? c.to : c.from, &other = up ? c.from : c.to;
            if (me.element == e->eindex() && me.port == port) visit(r->element(other.element), other.port, count);
        }
    }
    void visit(Element *e, int port, bool count) {
        bool found = false;
        if (void *n = e->port_cast(up, port, what)) {
            Notifier *notifier = static_cast<Notifier *>(n);
            if (listener) notifier->add_listener(listener);
            if (callback) notifier->add_activate_callback(callback, callback_data);
            if (count) signal += NotifierSignal(notifier);
            found = true;
            if (notifier->search_op() == Notifier::SEARCH_STOP) return;
            if (notifier->search_op() == Notifier::SEARCH_CONTINUE_WAKE) count = false;      // it speaks for those behind it but cannot wake us
        }
        bool onward = found;
        if (!seen[e->eindex()]) {
            seen[e->eindex()] = 1;
            bool same = up ? e->output_is_pull(port) : e->input_is_push(port);
            for (int p = 0; same && p < e->nports(!up); ++p)
                if ((up ? e->input_is_pull(p) : e->output_is_push(p)) && Router::flow_connects(e->router()->flow_code(e), up ? p : port, up ? port : p)) {
                    onward = true;
                    from(e, p, count);
                }
        } else
            onward = true;
        if (!onward && count) signal += NotifierSignal::busy_signal();     // nobody there will wake us
    }
};
}

NotifierSignal Notifier::search(const char *what, bool up, Element *e, int port, Task *t, callback_type f, void *v) {
    Search s{what, up, t, f, v, NotifierSignal::idle_signal(), {}};
    s.from(e, port, true);
    return s.signal;
}

void Notifier::wake_dependent(void *user_data, Notifier *) { static_cast<Notifier *>(user_data)->activate(); }

String NotifierSignal::unparse(Router *) const {
    StringAccum sa;
    if (_state == always) return "busy*";
    if (_state == unset) return "uninitialized";
    if (_notifiers.empty()) return "idle";
    for (const Notifier *n : _notifiers) sa << (sa.empty() ? "" : "+") << (const void *) n << '=' << (n->active() ? '1' : '0');
    return sa.take_string();
}
String ActiveNotifier::unparse(Router *r) const {
    StringAccum sa;
    sa << "signal " << signal().unparse(r) << '\n';
    for (const Task *t : _listeners) sa << "task " << (t->element() ? t->element()->declaration() : String("(unknown)")) << '\n';
    return sa.take_string();
}

CLICK_ENDDECLS
