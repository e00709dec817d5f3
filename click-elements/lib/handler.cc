// Handlers, and handler calls by name.
#include <click/config.h>
#include <click/handlercall.hh>
#include <click/router.hh>
#include <click/variableenv.hh>
CLICK_DECLS

const Handler *Handler::blank_handler() {
    static const Handler blank{String("<bad>")};
    return &blank;
}

String Handler::unparse_name(Element *e, const String &hname) {
    return e && e->eindex() >= 0 ? e->name() + "." + hname : hname;
}

String Handler::unparse_flags() const {
    static const struct { uint32_t flag; char letter; } letters[] = {
        {f_raw, '%'}, {f_calm, '.'}, {f_expensive, '$'}, {f_uncommon, 'U'}, {f_deprecated, 'D'}, {f_button, 'b'}, {f_checkbox, 'c'}};
    StringAccum sa;
    if (read_visible())
        sa << 'r';
    if (write_visible())
        sa << 'w';
    if (read_param())
        sa << '+';
    for (const auto &l : letters)
        if (_flags & l.flag)
            sa << l.letter;
    return sa.take_string();
}

String Handler::call_read(Element *e, const String &param, ErrorHandler *errh) const {
    if (!errh)
        errh = ErrorHandler::silent_handler();
    if (param && !read_param()) {
        errh->error("read handler %<%s%> does not take parameters", unparse_name(e, _name).c_str());
        return String();
    }
    if (_comprehensive && (_flags & f_read)) {
        String s = param;
        return _comprehensive(f_read, s, e, this, errh) >= 0 ? s : String();
    }
    if (GradualRead *reading = begin_read(e)) {
        StringAccum sa;
        while (!reading->more(sa)) {}
        delete reading;
        return sa.take_string();
    }
    return _read ? _read(e, _read_data) : String();
}

int Handler::call_write(const String &value, Element *e, ErrorHandler *errh) const {
    if (!errh)
        errh = ErrorHandler::silent_handler();
    String s = value;
    if (_comprehensive && (_flags & f_write) && !_write)
        return _comprehensive(f_write, s, e, this, errh);
    return _write ? _write(value, e, _write_data, errh) : -EACCES;
}

int HandlerCall::initialize(int flags, const Element *context, ErrorHandler *errh) {
    if (!errh)
        errh = ErrorHandler::silent_handler();
    String rest = _text, hdesc = cp_shift_spacevec(rest);
    int dot = hdesc.find_right('.');
    Router *r = context->router();
    Element *e = dot > 0 ? r->find(hdesc.substring(0, dot), context) : nullptr;
    String hname = hdesc.substring(dot + 1);
    if (dot > 0 && !e)
        return errh->error("no element named %<%s%>", hdesc.substring(0, dot).c_str());
    if (!e)
        e = r->root_element();
    const Handler *h = Router::handler(e, hname);
    if (!h || (flags & f_read && !h->readable()) || (flags & f_write && !h->writable()))
        return errh->error("no %s handler %<%s%>", flags & f_write ? "write" : "read", hdesc.c_str());
    _e = e, _h = h, _value = rest;
    return 0;
}

int HandlerCall::call_write(const String &extra, ErrorHandler *errh) const {
    if (!_h)
        return -EINVAL;
    return _h->call_write(_value && extra ? _value + " " + extra : _value ? _value : extra, _e, errh);
}

int HandlerCall::call_write(const VariableExpander &scope, ErrorHandler *errh) const { return _h ? _h->call_write(cp_expand(_value, scope), _e, errh) : -EINVAL; }

String HandlerCall::unparse() const {
    if (!_h) return _text;
    String name = Handler::unparse_name(_e, _h->name());
    return _value ? name + " " + _value : name;
}

int HandlerCall::reset(HandlerCall *&call, const String &hdesc, int flags, const Element *context, ErrorHandler *errh) {
    HandlerCall made(hdesc);
    int r = made.initialize(flags, context, errh);
    if (r >= 0) {
        if (!call) call = new HandlerCall;
        *call = made;
    }
    return r;
}
int HandlerCall::reset(HandlerCall *&call, Element *e, const String &hname, const String &value, int flags, ErrorHandler *errh) {
    return reset(call, Handler::unparse_name(e, hname) + (value ? " " + value : String()), flags, e->router()->root_element(), errh);
}

static const Handler *usable(Element *e, const String &hname, int flag, ErrorHandler *errh) {
    const Handler *h = Router::handler(e, hname);
    if (h && (flag == Handler::f_read ? h->readable() : h->writable())) return h;
    if (errh) errh->error("no %s handler %<%s%>", flag == Handler::f_read ? "read" : "write", Handler::unparse_name(e, hname).c_str());
    return nullptr;
}
String HandlerCall::call_read(Element *e, const String &hname, ErrorHandler *errh) {
    const Handler *h = usable(e, hname, Handler::f_read, errh);
    return h ? h->call_read(e, errh) : String();
}
int HandlerCall::call_write(Element *e, const String &hname, const String &value, ErrorHandler *errh) {
    const Handler *h = usable(e, hname, Handler::f_write, errh);
    return h ? h->call_write(value, e, errh) : -EINVAL;
}
int HandlerCall::call_write(const String &hdesc, const String &value, const Element *context, ErrorHandler *errh) {
    HandlerCall h(hdesc);
    int r = h.initialize_write(context, errh);
    return r >= 0 ? h.call_write(value, errh) : r;
}

String HandlerCall::call_read(const String &hdesc, const Element *context, ErrorHandler *errh) {
    HandlerCall h(hdesc);
    return h.initialize_read(context, errh) >= 0 ? h.call_read(errh) : String();
}

int HandlerCall::call_write(const String &hdesc, const Element *context, ErrorHandler *errh) {
    HandlerCall h(hdesc);
    int r = h.initialize_write(context, errh);
    return r >= 0 ? h.call_write(errh) : r;
}

CLICK_ENDDECLS
