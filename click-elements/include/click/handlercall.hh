// HandlerCall: a handler named in a configuration ("elem.handler value"), resolved once and called later.
#ifndef CLICK_HANDLERCALL_HH
#define CLICK_HANDLERCALL_HH
#include <click/args.hh>
#include <click/handler.hh>
CLICK_DECLS

class HandlerCall { public:
    enum { f_read = Handler::f_read, f_write = Handler::f_write, readable = f_read, writable = f_write };
    HandlerCall() {}
    explicit HandlerCall(const String &s) : _text(s) {}
    int initialize(int flags, const Element *context, ErrorHandler *errh = nullptr);
    int initialize_read(const Element *c, ErrorHandler *errh = nullptr) { return initialize(f_read, c, errh); }
    int initialize_write(const Element *c, ErrorHandler *errh = nullptr) { return initialize(f_write, c, errh); }
    bool initialized() const { return _h; }
    bool ok() const { return _h; }
    explicit operator bool() const { return _h || _text; }
    String call_read(ErrorHandler *errh = nullptr) const { return _h ? _h->call_read(_e, _value, errh) : String(); }
    int call_write(ErrorHandler *errh = nullptr) const { return _h ? _h->call_write(_value, _e, errh) : -EINVAL; }
    int call_write(const String &extra, ErrorHandler *errh = nullptr) const;
    static String call_read(const String &hdesc, const Element *context, ErrorHandler *errh = nullptr);
    static int call_write(const String &hdesc, const Element *context, ErrorHandler *errh = nullptr);
    Element *element() const { return _e; }
    const Handler *handler() const { return _h; }
    const String &value() const { return _value; }
    String unparse() const { return _text; }
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
