// HandlerCall: a handler named in a configuration ("elem.handler value"), resolved once and called later.
#ifndef CLICK_HANDLERCALL_HH
#define CLICK_HANDLERCALL_HH
#include <click/args.hh>
#include <click/handler.hh>
#include <click/router.hh>
#include <click/timer.hh>
CLICK_DECLS

class VariableExpander;

class HandlerCall { public:
    enum Flags { f_read = Handler::f_read, f_write = Handler::f_write, OP_READ = f_read, OP_WRITE = f_write, readable = f_read, writable = f_write, f_preinitialize = 4, PREINITIALIZE = 4, ALLOW_PREINITIALIZE = 4, f_unquote_param = 8, UNQUOTE_PARAM = 8 };
    HandlerCall() {}
    explicit HandlerCall(const String &s) : _text(s) {}
    int initialize(int flags, const Element *context, ErrorHandler *errh = nullptr);
    int initialize_read(const Element *c, ErrorHandler *errh = nullptr) { return initialize(f_read, c, errh); }
    int initialize_write(const Element *c, ErrorHandler *errh = nullptr) { return initialize(f_write, c, errh); }
    /** Replace *@a call by one to @a hdesc, resolved; on failure nothing changes. */
    static int reset(HandlerCall *&call, const String &hdesc, int flags, const Element *context, ErrorHandler *errh = nullptr);
    static int reset(HandlerCall *&call, Element *e, const String &hname, const String &value, int flags, ErrorHandler *errh = nullptr);
    static int reset_read(HandlerCall *&call, const String &hdesc, const Element *c, ErrorHandler *errh = nullptr) { return reset(call, hdesc, f_read, c, errh); }
    static int reset_read(HandlerCall *&call, Element *e, const String &hname, ErrorHandler *errh = nullptr) { return reset(call, e, hname, String(), f_read, errh); }
    static int reset_write(HandlerCall *&call, const String &hdesc, const Element *c, ErrorHandler *errh = nullptr) { return reset(call, hdesc, f_write, c, errh); }
    static int reset_write(HandlerCall *&call, Element *e, const String &hname, const String &value = String(), ErrorHandler *errh = nullptr) { return reset(call, e, hname, value, f_write, errh); }
    bool empty() const { return !_h && !_text; }
    void clear() { *this = HandlerCall(); }
    void set_value(const String &v) { _value = v; }
    bool initialized() const { return _h; }
    bool ok() const { return _h; }
    explicit operator bool() const { return _h || _text; }
    String call_read(ErrorHandler *errh = nullptr) const { return _h ? _h->call_read(_e, _value, errh) : String(); }
    int call_write(ErrorHandler *errh = nullptr) const { return _h ? _h->call_write(_value, _e, errh) : -EINVAL; }
    int call_write(const String &extra, ErrorHandler *errh = nullptr) const;
    /** With the value's variables expanded. */
    int call_write(const VariableExpander &scope, ErrorHandler *errh = nullptr) const;
    static String call_read(const String &hdesc, const Element *context, ErrorHandler *errh = nullptr);
    static String call_read(Element *e, const String &hname, ErrorHandler *errh = nullptr);
    static int call_write(Element *e, const String &hname, ErrorHandler *errh = nullptr) { return call_write(e, hname, String(), errh); }
    static int call_write(Element *e, const String &hname, const String &value, ErrorHandler *errh = nullptr);
    static int call_write(const String &hdesc, const String &value, const Element *context, ErrorHandler *errh = nullptr);
    static int call_write(const String &hdesc, const Element *context, ErrorHandler *errh = nullptr);
    Element *element() const { return _e; }
    const Handler *handler() const { return _h; }
    const String &value() const { return _value; }
    String unparse() const;
  private:
    String _text, _value;
    Element *_e = nullptr;
    const Handler *_h = nullptr;
};

struct HandlerCallArg {
    int flags;
    explicit HandlerCallArg(int f) : flags(f) {}
    bool parse(const String &s, HandlerCall &result, const ArgContext &) const { result = HandlerCall(s); return !s.empty(); }
};
template <> struct DefaultArg<HandlerCall> : public HandlerCallArg { DefaultArg() : HandlerCallArg(0) {} };

CLICK_ENDDECLS
#endif
