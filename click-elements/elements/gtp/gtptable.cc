// The table of sessions: its memory, expiry, handlers. What it learns is in gtplearn.cc and gtptold.cc, which way packets go in gtpsteer.cc, its texts
// in gtpreport.cc and gtpstateout.cc.
#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include "gtptable.hh"
CLICK_DECLS

int GTPTable::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_p("CAPACITY", BoundedIntArg(1, (1 << 24) - 1), _capacity).read_p("TIMEOUT", SecondsArg(), _timeout)
        .read("FLOWS", BoundedIntArg(1, (1 << 24) - 1), _flow_capacity).read("TCP_TIMEOUT", SecondsArg(), _flow_timeout[0])
        .read("UDP_TIMEOUT", SecondsArg(), _flow_timeout[1]).read("PATHS", BoundedIntArg(1, 65535), _path_capacity).complete();
}

int GTPTable::initialize(ErrorHandler *errh) {
    // In a small table the order of use is exact; in a large one it is not worth what it costs.
    auto grain = [](uint32_t capacity, uint32_t timeout) { return capacity > 65536 ? timeout / 64 : 0; };
    bool ok = _sessions.reserve(_capacity, click_random(), grain(_capacity, _timeout)) && _paths.reserve(_path_capacity, click_random());
    ok = ok && _announced.reserve(_capacity, click_random());
    for (int i = 0; i < 2; ++i)
        ok = ok && _flows[i].reserve(_flow_capacity, click_random(), grain(_flow_capacity, _flow_timeout[i]))
            && _flows6[i].reserve(_flow_capacity, click_random(), grain(_flow_capacity, _flow_timeout[i])) && _tunnels[i].reserve(_capacity + _capacity / 2 + 64, click_random());
    // Most UEs have one bearer.
    _more_capacity = _capacity / 4 + 64;
    void *more = mmap(nullptr, (size_t) _more_capacity * sizeof(GTPMoreBearers), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (!ok || more == MAP_FAILED)
        return errh->error("out of memory");
    _more = static_cast<GTPMoreBearers *>(more);
    _timer.initialize(this);
    _timer.schedule_after_sec(1);
    return 0;
}

/** All that is known and what was told, but not the counters of @a o itself. */
void GTPTable::take_state(Element *e, ErrorHandler *errh) {
    GTPTable *o = static_cast<GTPTable *>(e->cast("GTPTable"));
    if (!o)
        return;
    for (GTPFlowWatcher *w : o->_watchers)
        w->settle_counts();
    // What was concluded from these numbers must not seem to hold still.
    _generation = o->_generation + 1;
    const uint64_t seen = o->changes() + 1;
    if (_capacity == o->_capacity && _flow_capacity == o->_flow_capacity && _path_capacity == o->_path_capacity) {
        _sessions.swap(o->_sessions);
        _paths.swap(o->_paths);
        _announced.swap(o->_announced);
        for (int i = 0; i < 2; ++i)
            _flows[i].swap(o->_flows[i]), _flows6[i].swap(o->_flows6[i]), _tunnels[i].swap(o->_tunnels[i]);
        std::swap(_more, o->_more);
        std::swap(_more_used, o->_more_used);
        _more_free.swap(o->_more_free);
        memcpy((void *) _fragments, o->_fragments, sizeof _fragments);
    } else if (import_state(o->export_state(), errh) < 0)
        errh->warning("of what the table of before had nothing is kept");
    _events.swap(o->_events);
    _nevents = o->_nevents;
    _changes += seen;
}

GTPTable::~GTPTable() {
    end_trace();
    if (_more)
        munmap(_more, (size_t) _more_capacity * sizeof(GTPMoreBearers));
}

void *GTPTable::cast(const char *name) {
    if (strcmp(name, "GTPTable") == 0)
        return this;
    if (strcmp(name, "GTPBearerSink") == 0)
        return static_cast<GTPBearerSink *>(this);
    return Element::cast(name);
}

template <typename K> void GTPTable::expire_flows(LruTable<K, GTPFlow> &flows, uint32_t timeout, int &budget) {
    uint32_t t = now();
    while (GTPFlow *f = flows.idle(t, timeout, budget)) {
        // Elsewhere it may be in use still.
        K k = flows.key_of(f);
        int64_t idle = -1;
        for (GTPFlowWatcher *w : _watchers) {
            int64_t x = w->idle_seconds(k);
            if (x >= 0 && (idle < 0 || x < idle))
                idle = x;
        }
        if (idle >= 0 && idle <= timeout) {
            f->last_seen = t - (uint32_t) idle;
            flows.touch(f, t);
        } else {
            tell(k);
            flows.erase(k);
            ++_stats.flows_expired;
        }
        --budget;
    }
}

void GTPTable::run_timer(Timer *) {
    uint32_t t = now();
    int budget = 10000;         // a second's worth; the rest waits for the next
    for (GTPSession *s; (s = _sessions.idle(t, _timeout, budget)); --budget) {
        drop_session(s);
        ++_stats.sessions_expired;
    }
    for (int i = 0; i < 2; ++i) {
        expire_flows(_flows[i], _flow_timeout[i], budget);
        expire_flows(_flows6[i], _flow_timeout[i], budget);
    }
    for (Announced *a; (a = _announced.idle(t, _timeout, budget)); --budget) {
        EndpointKey k = _announced.key_of(a);
        _announced.erase(k);
        ++_changes;
    }
    _timer.schedule_after_sec(1);
}

void GTPTable::clear() {
    ++_changes;
    ++_generation;
    _sessions.clear();
    _announced.clear();
    for (int i = 0; i < 2; ++i)
        _flows[i].clear(), _flows6[i].clear(), _tunnels[i].clear();
    each_path([](const GTPPathKey &, GTPPath &p) { p.references = 0; });
    _more_used = 0;
    _more_free.clear();
    memset((void *) _fragments, 0, sizeof _fragments);
    for (GTPFlowWatcher *w : _watchers)
        w->flows_changed();
}

void GTPTable::rules_changed() {
    for (GTPFlowWatcher *w : _watchers)
        w->flows_changed();
}

void GTPTable::unwatch(GTPFlowWatcher *w) {
    for (int i = 0; i < _watchers.size(); ++i)
        if (_watchers[i] == w) {
            _watchers[i] = _watchers.back();
            _watchers.pop_back();
            return;
        }
}

void GTPTable::event(const char *what, const String &fields) {
    StringAccum sa;
    Timestamp at = Timestamp::now();
    sa << "{\"number\":" << ++_nevents << ",\"at\":" << at << ",\"event\":\"" << what << "\"," << fields << '}';
    click_chatter("%s: %s %s", declaration().c_str(), what, fields.c_str());
    if (_events.size() == nevents)
        _events.erase(_events.begin());
    _events.push_back(sa.take_string());
}

// ---- Handlers

enum { h_count, h_flows, h_path_count, h_paths, h_sessions, h_table, h_stats, h_metrics, h_events, h_changes, h_state, h_clear };

String GTPTable::read(Element *e, void *data) {
    GTPTable *t = static_cast<GTPTable *>(e);
    switch ((uintptr_t) data) {
    case h_count: return String(t->nsessions());
    case h_flows: return String(t->nflows());
    case h_path_count: return String(t->_paths.size());
    case h_paths: return t->unparse_paths();
    case h_sessions: return t->unparse_sessions();
    case h_table: return t->unparse_table();
    case h_stats: return t->unparse_stats();
    case h_metrics: return t->unparse_metrics();
    case h_events: return t->unparse_events();
    case h_changes: return String(t->changes());
    default: return t->export_state();
    }
}

int GTPTable::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    GTPTable *t = static_cast<GTPTable *>(e);
    if ((uintptr_t) data == h_state)
        return t->import_state(s, errh);
    t->clear();
    return 0;
}

void GTPTable::add_handlers() {
    add_read_handler("count", read, h_count);
    add_read_handler("flows", read, h_flows);
    add_read_handler("path_count", read, h_path_count);
    add_read_handler("paths", read, h_paths, Handler::f_expensive);
    add_read_handler("sessions", read, h_sessions, Handler::f_expensive);
    add_read_handler("table", read, h_table, Handler::f_expensive);
    add_read_handler("stats", read, h_stats);
    add_read_handler("metrics", read, h_metrics, Handler::f_expensive);
    add_read_handler("events", read, h_events);
    add_read_handler("changes", read, h_changes);
    add_write_handler("clear", write, h_clear, Handler::f_button);
#ifdef CLICK_LCLICK
    add_gradual_read_handler("state", begin_export, nullptr, Handler::f_expensive | Handler::f_raw);
#else
    add_read_handler("state", read, h_state, Handler::f_expensive | Handler::f_raw);
#endif
    add_write_handler("state", write, h_state, Handler::f_raw);
    add_trace_handlers();
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPAddress GTPFrame GTPInner GTPLearn GTPTold GTPSteer GTPReport GTPStateIn GTPStateOut GTPTrace)
EXPORT_ELEMENT(GTPTable)
