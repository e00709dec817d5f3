// Handler: a named way to read or write an element (or, for the root element, the router).
#ifndef CLICK_HANDLER_HH
#define CLICK_HANDLER_HH
#include <click/error.hh>
#include <click/gradualread.hh>
CLICK_DECLS
class Element;
class Handler;

typedef String (*ReadHandlerCallback)(Element *, void *user_data);
typedef int (*WriteHandlerCallback)(const String &data, Element *, void *user_data, ErrorHandler *);
/** One function for both operations; @a str is the argument on the way in and the answer on the way out. */
typedef int (*HandlerCallback)(int operation, String &str, Element *, const Handler *, ErrorHandler *);
typedef ReadHandlerCallback ReadHandlerHook;
typedef WriteHandlerCallback WriteHandlerHook;

class Handler { public:
    enum Flags {
        f_read = 0x0001, f_write = 0x0002, f_read_param = 0x0004, f_exclusive = 0, f_raw = 0x0040, f_nonexclusive = 0x0080,
        f_read_private = 0x0100, f_write_private = 0x0200, f_deprecated = 0x0400, f_uncommon = 0x0800, f_calm = 0x1000,
        f_expensive = 0x2000, f_button = 0x4000, f_checkbox = 0x8000, f_user_shift = 25, f_user0 = 1 << f_user_shift,
        h_read = f_read, h_write = f_write, h_read_param = f_read_param, h_raw = f_raw, h_calm = f_calm, h_expensive = f_expensive,
        h_button = f_button, h_checkbox = f_checkbox, h_nonexclusive = f_nonexclusive, h_deprecated = f_deprecated, h_uncommon = f_uncommon,
        h_read_private = f_read_private, h_write_private = f_write_private,
        OP_READ = f_read, OP_WRITE = f_write, READ_PARAM = f_read_param, RAW = f_raw, CALM = f_calm, EXPENSIVE = f_expensive, BUTTON = f_button,
        CHECKBOX = f_checkbox, EXCLUSIVE = f_exclusive, NONEXCLUSIVE = f_nonexclusive, DEPRECATED = f_deprecated, UNCOMMON = f_uncommon, USER_FLAGS_SHIFT = 25
    };
    static const Handler *blank_handler();

    const String &name() const { return _name; }
    uint32_t flags() const { return _flags; }
    bool readable() const { return _flags & f_read; }
    bool read_param() const { return _flags & f_read_param; }
    bool read_visible() const { return (_flags & (f_read | f_read_private)) == f_read; }
    bool writable() const { return _flags & f_write; }
    bool write_visible() const { return (_flags & (f_write | f_write_private)) == f_write; }
    bool visible() const { return read_visible() || write_visible(); }
    bool raw() const { return _flags & f_raw; }
    void *read_user_data() const { return _read_data; }
    void *write_user_data() const { return _write_data; }
    void *user_data(int op) const { return op == f_write ? _write_data : _read_data; }

    String call_read(Element *e, const String &param, ErrorHandler *errh) const;
    String call_read(Element *e, ErrorHandler *errh = nullptr) const { return call_read(e, String(), errh); }
    int call_write(const String &value, Element *e, ErrorHandler *errh) const;
    /** The same as call_read() without a parameter, bit by bit; null if the handler cannot. */
    GradualRead *begin_read(Element *e) const { return _gradual ? _gradual(e, _read_data) : nullptr; }

    /** `element.handler`, or the bare name for the root element. */
    static String unparse_name(Element *e, const String &hname);
    String unparse_name(Element *e) const { return unparse_name(e, _name); }
    /** The letters shown by the `handlers` handler. */
    String unparse_flags() const;

  private:
    friend class Router;
    explicit Handler(const String &name) : _name(name) {}
    String _name;
    uint32_t _flags = 0;
    ReadHandlerCallback _read = nullptr;
    WriteHandlerCallback _write = nullptr;
    HandlerCallback _comprehensive = nullptr;
    GradualReadCallback _gradual = nullptr;
    void *_read_data = nullptr, *_write_data = nullptr;
};

CLICK_ENDDECLS
#endif
