// Element: the behaviour that elements inherit.
#include <click/config.h>
#include <click/master.hh>
#include <click/router.hh>
CLICK_DECLS

const char Element::PORTS_0_0[] = "0/0", Element::PORTS_0_1[] = "0/1", Element::PORTS_1_0[] = "1/0", Element::PORTS_1_1[] = "1/1", Element::PORTS_1_1X2[] = "1/1-2";
const char Element::AGNOSTIC[] = "a/a", Element::PUSH[] = "h/h", Element::PULL[] = "l/l", Element::PUSH_TO_PULL[] = "h/l", Element::PULL_TO_PUSH[] = "l/h", Element::PROCESSING_A_AH[] = "a/ah";
const char Element::COMPLETE_FLOW[] = "x/x";

void *Element::cast(const char *name) { return strcmp(name, class_name()) == 0 ? this : nullptr; }
void *Element::port_cast(bool, int, const char *name) { return cast(name); }
String Element::landmark() const { return _eindex >= 0 ? _router->elandmark(_eindex) : String("<unknown>"); }
Element *Element::hotswap_element() const {
    Router *old = _router->hotswap_router();
    Element *e = old ? old->find(_name) : nullptr;
    return e && strcmp(e->class_name(), class_name()) == 0 ? e : nullptr;
}

bool Element::port_active(bool isoutput, int i) const {
    return (unsigned) i < (unsigned) nports(isoutput) && !_pull[isoutput][i] == isoutput;
}

int Element::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).complete(); }
int Element::live_reconfigure(Vector<String> &conf, ErrorHandler *errh) { return can_live_reconfigure() ? configure(conf, errh) : -EINVAL; }

void Element::push(int, Packet *p) {
    if ((p = simple_action(p)))
        output(0).push(p);
}

Packet *Element::pull(int) {
    Packet *p = input(0).pull();
    return p ? simple_action(p) : nullptr;
}

void Element::push_batch(int port, PacketBatch *batch) {
    if (batch->count() == 1)
        return push(port, batch);
    GatherScope gather(this);
    FOR_EACH_PACKET_SAFE(batch, p) {
        p->set_next(nullptr);
        push(port, p);
    }
}

PacketBatch *Element::pull_batch(int port, unsigned max) {
    BatchBuilder b;
    while (b.count() < max) {
        Packet *p = pull(port);
        if (!p) break;
        b.append(p);
    }
    return b.finish();
}

PacketBatch *Element::simple_action_batch(PacketBatch *batch) {
    BatchBuilder kept;
    FOR_EACH_PACKET_SAFE(batch, p)
        if (Packet *q = simple_action(p))
            kept.append(q);
    return kept.finish();
}

// ---- Gathering

__thread GatherScope *click_gather;

GatherScope::GatherScope(Element *e) : _e(e), _outer(click_gather), _n(e->noutputs()) {
    if (_n > max_outputs) _n = 0;      // then they go one by one
    for (int i = 0; i < _n; ++i) new (&_parts[i]) BatchBuilder;
    click_gather = this;
}

GatherScope::~GatherScope() {
    click_gather = _outer;
    for (int i = 0; i < _n; ++i)
        if (PacketBatch *b = _parts[i].finish()) _e->output(i).push_batch(b);
}

bool Element::Port::gather(Packet *p) const {
    GatherScope *g = click_gather;
    const Port *first = g->_n ? g->_e->_ports[1].begin() : nullptr;
    if (!first || this < first || this >= first + g->_n) return false;
    g->_parts[this - first].append(p);
    return true;
}

namespace { String read_interval(Element *, void *data) { return ((const Timestamp *) data)->unparse_interval(); } }
void Element::add_data_handlers(const String &name, int flags, Timestamp *data, bool is_interval) {
    add_data_handlers(name, flags, data);
    if (is_interval && (flags & Handler::f_read)) add_read_handler(name, read_interval, data, flags & ~Handler::f_write);
}
Master *Element::master() const { return _router->master(); }
String Element::configuration() const { return _eindex >= 0 ? _router->econfiguration(_eindex) : String(); }
RouterThread *Element::home_thread() const { return _router->master()->thread(home_thread_id()); }
int Element::home_thread_id() const { return _router->home_thread_id(this); }
int Element::add_select(int fd, int mask) { return _router->master()->add_select(fd, this, mask); }
int Element::remove_select(int fd, int mask) { return _router->master()->remove_select(fd, this, mask); }

void Element::add_gradual_read_handler(const String &name, GradualReadCallback f, const void *data, uint32_t flags) { Router::add_gradual_read_handler(this, name, f, const_cast<void *>(data), flags); }
void Element::add_read_handler(const String &name, ReadHandlerCallback f, const void *data, uint32_t flags) { Router::add_read_handler(this, name, f, const_cast<void *>(data), flags); }
void Element::add_write_handler(const String &name, WriteHandlerCallback f, const void *data, uint32_t flags) { Router::add_write_handler(this, name, f, const_cast<void *>(data), flags); }
void Element::set_handler(const String &name, int flags, HandlerCallback f, const void *rd, const void *wd) { Router::set_handler(this, name, flags, f, const_cast<void *>(rd), const_cast<void *>(wd)); }

int Element::set_handler_flags(const String &name, int set, int clear) {
    return Router::handler(this, name) ? (_router->handler_for_update(this, name, set, clear), 0) : -1;
}

String Element::read_keyword_handler(Element *e, void *data) {
    // user data: the keyword, or "N KEYWORD" for a positional argument
    String kw((const char *) data), number, value;
    Vector<String> conf;
    cp_argvec(e->router()->econfiguration(e->eindex()), conf);
    int pos = -1;
    if (kw && isdigit((unsigned char) kw[0])) {
        number = cp_shift_spacevec(kw);
        cp_integer(number, &pos);
    }
    for (const String &arg : conf)
        if (kw && arg.starts_with(kw) && arg.length() > kw.length() && isspace((unsigned char) arg[kw.length()]))
            return arg.substring(kw.length()).trim_space();
    return pos >= 0 && pos < conf.size() ? conf[pos] : String();
}

int Element::reconfigure_keyword_handler(const String &value, Element *e, void *data, ErrorHandler *errh) {
    String kw((const char *) data);
    int pos = -1;
    if (kw && isdigit((unsigned char) kw[0]))
        cp_integer(cp_shift_spacevec(kw), &pos);
    Vector<String> conf;
    cp_argvec(e->router()->econfiguration(e->eindex()), conf);
    int at = -1;
    for (int i = 0; i < conf.size(); ++i)
        if (kw && conf[i].starts_with(kw) && conf[i].length() > kw.length() && isspace((unsigned char) conf[i][kw.length()]))
            at = i;
    if (at >= 0 || pos < 0) {
        if (at < 0) {
            at = conf.size();
            conf.push_back(String());
        }
        conf[at] = kw + " " + value;
    } else {
        if (pos >= conf.size())
            conf.resize(pos + 1);
        conf[pos] = value;
    }
    String text = cp_unargvec(conf);
    int r = e->can_live_reconfigure() ? e->live_reconfigure(conf, errh) : e->configure(conf, errh);
    if (r >= 0)
        e->router()->set_configuration(e->eindex(), text);
    return r;
}

namespace {
String read_task(Element *, void *data) {
    Task *t = (Task *) ((uintptr_t) data & ~(uintptr_t) 3);
    switch ((uintptr_t) data & 3) {
    case 0: return String(t->scheduled());
    case 1: return String(t->tickets());
    default: return String(t->home_thread_id());
    }
}
int write_task(const String &s, Element *, void *data, ErrorHandler *errh) {
    Task *t = (Task *) ((uintptr_t) data & ~(uintptr_t) 3);
    if (((uintptr_t) data & 3) == 1) {
        int n;
        if (!cp_integer(cp_uncomment(s), &n) || n < 1 || n > Task::MAX_TICKETS)
            return errh->error("tickets must be an integer between 1 and %d", (int) Task::MAX_TICKETS);
        t->set_tickets(n);
        return 0;
    }
    bool on;
    if (!cp_bool(cp_uncomment(s), &on))
        return errh->error("syntax error");
    if (on)
        t->reschedule();
    else
        t->unschedule();
    return 0;
}
}

void Element::add_task_handlers(Task *task, const String &prefix) {
    static_assert(alignof(Task) >= 4, "low bits tell the handlers apart");
    char *t = (char *) task;
    add_read_handler(prefix + "scheduled", read_task, t);
    add_write_handler(prefix + "scheduled", write_task, t);
    add_read_handler(prefix + "tickets", read_task, t + 1);
    add_write_handler(prefix + "tickets", write_task, t + 1);
    add_read_handler(prefix + "home_thread", read_task, t + 2);
}

CLICK_ENDDECLS
