// Router: handlers, and those that every element has.
#include <click/config.h>
#include <click/router.hh>
CLICK_DECLS

Handler *Router::handler_for_update(const Element *e, const String &name, uint32_t set, uint32_t clear) {
    Vector<Handler *> &list = _handlers[e->eindex() + 1];
    Handler *found = nullptr;
    for (Handler *h : list)
        if (h->_name == name)
            found = h;
    if (!found)
        list.push_back(found = new Handler(name));
    found->_flags = (found->_flags & ~clear) | set;
    return found;
}

const Handler *Router::handler(const Element *e, const String &name) {
    for (const Handler *h : e->router()->handlers(e))
        if (h->name() == name)
            return h;
    // An element that has handlers of any name makes one when its handler * is told so.
    if (name != "*")
        if (const Handler *star = handler(e, "*"))
            if (star->call_write(name, const_cast<Element *>(e), nullptr) >= 0)
                for (const Handler *h : e->router()->handlers(e))
                    if (h->name() == name) return h;
    return nullptr;
}

void Router::add_read_handler(const Element *e, const String &name, ReadHandlerCallback f, void *data, uint32_t flags) {
    Handler *h = e->router()->handler_for_update(e, name, flags | Handler::f_read, 0);
    h->_read = f, h->_read_data = data, h->_gradual = nullptr;
    if (h->_comprehensive)
        h->_comprehensive = nullptr;
}

void Router::add_gradual_read_handler(const Element *e, const String &name, GradualReadCallback f, void *data, uint32_t flags) {
    add_read_handler(e, name, nullptr, data, flags);
    e->router()->handler_for_update(e, name, 0, 0)->_gradual = f;
}

void Router::add_write_handler(const Element *e, const String &name, WriteHandlerCallback f, void *data, uint32_t flags) {
    Handler *h = e->router()->handler_for_update(e, name, flags | Handler::f_write, 0);
    h->_write = f, h->_write_data = data;
}

void Router::set_handler(const Element *e, const String &name, uint32_t flags, HandlerCallback f, void *rd, void *wd) {
    if (flags & Handler::f_read_param)
        flags |= Handler::f_read;
    Handler *h = e->router()->handler_for_update(e, name, flags, ~0U);
    h->_comprehensive = f, h->_gradual = nullptr, h->_read = nullptr, h->_write = nullptr, h->_read_data = rd, h->_write_data = wd;
}

namespace {
String read_standard(Element *e, void *data) {
    Router *r = e->router();
    switch ((uintptr_t) data) {
    case 0: return e->name();
    case 1: return e->class_name();
    case 2: return r->econfiguration(e->eindex());
    case 3: return r->element_ports_string(e);
    default: {
        StringAccum sa;
        const Vector<Handler *> &list = r->handlers(e);
        for (int i = list.size() - 1; i >= 0; --i)
            if (list[i]->visible())
                sa << list[i]->name() << '\t' << list[i]->unparse_flags() << '\n';
        return sa.take_string();
    }
    }
}
int write_config(const String &text, Element *e, void *, ErrorHandler *errh) {
    Vector<String> conf;
    cp_argvec(text, conf);
    int r = e->live_reconfigure(conf, errh);
    if (r >= 0)
        e->router()->set_configuration(e->eindex(), text);
    return r;
}
}

void Router::add_default_handlers(Element *e) {
    e->add_read_handler("name", read_standard, 0, Handler::f_calm);
    e->add_read_handler("class", read_standard, 1, Handler::f_calm);
    e->add_read_handler("config", read_standard, 2, Handler::f_calm);
    if (e->can_live_reconfigure()) {
        e->add_write_handler("config", write_config, 0);
        e->set_handler_flags("config", 0, Handler::f_calm);
    }
    e->add_read_handler("ports", read_standard, 3, Handler::f_calm);
    e->add_read_handler("handlers", read_standard, 4, Handler::f_calm);
}

CLICK_ENDDECLS
