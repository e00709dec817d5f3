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
    NotifierSignal signal = NotifierSignal::idle_signal();
    Vector<char> seen;

    void from(Element *e, int port) {
        Router *r = e->router();
        if (seen.empty()) seen.assign(r->nelements(), 0);
        for (const Router::Connection &c : r->connections()) {
            const PortRef &me = up ? c.to : c.from, &other = up ? c.from : c.to;
            if (me.element == e->eindex() && me.port == port) visit(r->element(other.element), other.port);
        }
    }
    void visit(Element *e, int port) {
        if (void *n = e->port_cast(up, port, what)) {
            Notifier *notifier = static_cast<Notifier *>(n);
            if (listener) notifier->add_listener(listener);
            signal += NotifierSignal(notifier);
            return;
        }
        bool onward = false;
        if (!seen[e->eindex()]) {
            seen[e->eindex()] = 1;
            bool same = up ? e->output_is_pull(port) : e->input_is_push(port);
            for (int p = 0; same && p < e->nports(!up); ++p)
                if ((up ? e->input_is_pull(p) : e->output_is_push(p)) && Router::flow_connects(e->flow_code(), up ? p : port, up ? port : p)) {
                    onward = true;
                    from(e, p);
                }
        } else
            onward = true;
        if (!onward) signal += NotifierSignal::busy_signal();     // nobody there will wake us
    }
};
NotifierSignal search(const char *what, bool up, Element *e, int port, Task *t) {
    Search s{what, up, t, NotifierSignal::idle_signal(), {}};
    s.from(e, port);
    return s.signal;
}
}

NotifierSignal Notifier::upstream_empty_signal(Element *e, int port, Task *t) { return search(EMPTY_NOTIFIER, true, e, port, t); }
NotifierSignal Notifier::upstream_empty_signal(Element *e, int port) { return search(EMPTY_NOTIFIER, true, e, port, nullptr); }
NotifierSignal Notifier::downstream_full_signal(Element *e, int port, Task *t) { return search(FULL_NOTIFIER, false, e, port, t); }
NotifierSignal Notifier::downstream_full_signal(Element *e, int port) { return search(FULL_NOTIFIER, false, e, port, nullptr); }

CLICK_ENDDECLS
