// Args: reads an element's configuration arguments by keyword and position. Results are stored only when
// complete() finds that everything parsed, so a failed live reconfiguration changes nothing.
#ifndef CLICK_ARGS_HH
#define CLICK_ARGS_HH
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
#include <click/timestamp.hh>
CLICK_DECLS
class Element;
class Router;

/** Who is parsing: parsers complain here. */
class ArgContext { public:
    ArgContext(const Element *context = nullptr, ErrorHandler *errh = nullptr) : _context(context), _errh(errh) {}
    explicit ArgContext(ErrorHandler *errh) : ArgContext(nullptr, errh) {}
    const Element *context() const { return _context; }
    ErrorHandler *errh() const { return _errh ? _errh : ErrorHandler::silent_handler(); }
    void error(const char *fmt, ...) const;
    void warning(const char *fmt, ...) const;
    void message(const char *fmt, ...) const;
    void xmessage(const String &annotations, const String &text) const;
    /** `KEYWORD: `, or nothing while no argument is being read. */
    String error_prefix() const { return _keyword ? _keyword + ": " : String(); }
  protected:
    const Element *_context;
    ErrorHandler *_errh;
    String _keyword;              // the argument being read, put before messages
    mutable bool _complained = false;
};
extern const ArgContext blank_args;

template <typename T, typename Enable = void> struct DefaultArg;

/** A parser with `typedef void enable_direct_parse` stores by itself, through Args::slot(), by direct_parse() if it has that. */
template <typename P> struct Args_has_enable_direct_parse {
    template <typename X> static char test(typename X::enable_direct_parse *);
    template <typename> static int test(...);
    enum { value = sizeof(test<P>(nullptr)) == 1 };
};

class Args : public ArgContext { public:
    template <typename P> using not_int = typename std::enable_if<!std::is_integral<P>::value>::type;
    static constexpr int mandatory = 1, positional = 2, deprecated = 4, firstmatch = 8;

    Args(ErrorHandler *errh = nullptr) : ArgContext(nullptr, errh) {}
    Args(const Element *e, ErrorHandler *errh = nullptr) : ArgContext(e, errh) {}
    Args(const Vector<String> &conf, ErrorHandler *errh = nullptr) : ArgContext(nullptr, errh) { take(conf); }
    Args(const Vector<String> &conf, const Element *e, ErrorHandler *errh = nullptr) : ArgContext(e, errh) { take(conf); }
    ~Args();
    /** The same arguments, with no results waiting to be stored. */
    Args(const Args &x) : ArgContext(x), _bound(x._bound), _conf(x._conf), _used(x._used), _status(x._status), _read_status(x._read_status) {}
    Args &operator=(const Args &) = delete;

    /** Read @a conf; consume() and complete() leave in it what was not read. */
    Args &bind(Vector<String> &conf) { _bound = &conf; return take(conf); }
    Args &clear() { _conf.clear(); _used.clear(); return *this; }
    /** All arguments are there again. */
    Args &reset() { _used.assign(_conf.size(), 0); _status = true; return *this; }
    /** Drop what was read. */
    Args &strip();
    bool results_empty() const { return !_slots; }
    template <typename I> Args &push_back(I begin, I end) { for (; begin != end; ++begin) push_back(String(*begin)); return *this; }
    Args &push_back(const String &arg) { _conf.push_back(arg); _used.push_back(0); return *this; }
    Args &push_back_args(const String &s) { Vector<String> v; cp_argvec(s, v); for (const String &a : v) push_back(a); return *this; }
    Args &push_back_words(const String &s) { Vector<String> v; cp_spacevec(s, v); for (const String &a : v) push_back(a); return *this; }
    bool empty() const;

    template <typename T> Args &read(const char *kw, T &x) { return base(kw, 0, DefaultArg<T>(), x); }
    template <typename P, typename T, typename = not_int<P>> Args &read(const char *kw, P p, T &x) { return base(kw, 0, p, x); }
    template <typename P, typename T1, typename T2, typename = not_int<P>> Args &read(const char *kw, P p, T1 &x, T2 &y) { return base2(kw, 0, p, x, y); }
    template <typename T> Args &read_m(const char *kw, T &x) { return base(kw, mandatory, DefaultArg<T>(), x); }
    template <typename P, typename T, typename = not_int<P>> Args &read_m(const char *kw, P p, T &x) { return base(kw, mandatory, p, x); }
    template <typename P, typename T1, typename T2, typename = not_int<P>> Args &read_m(const char *kw, P p, T1 &x, T2 &y) { return base2(kw, mandatory, p, x, y); }
    template <typename T> Args &read_p(const char *kw, T &x) { return base(kw, positional, DefaultArg<T>(), x); }
    template <typename P, typename T, typename = not_int<P>> Args &read_p(const char *kw, P p, T &x) { return base(kw, positional, p, x); }
    template <typename P, typename T1, typename T2, typename = not_int<P>> Args &read_p(const char *kw, P p, T1 &x, T2 &y) { return base2(kw, positional, p, x, y); }
    template <typename T> Args &read_mp(const char *kw, T &x) { return base(kw, mandatory | positional, DefaultArg<T>(), x); }
    template <typename P, typename T, typename = not_int<P>> Args &read_mp(const char *kw, P p, T &x) { return base(kw, mandatory | positional, p, x); }
    template <typename P, typename T1, typename T2, typename = not_int<P>> Args &read_mp(const char *kw, P p, T1 &x, T2 &y) { return base2(kw, mandatory | positional, p, x, y); }
    template <typename T> Args &read(const char *kw, int flags, T &x) { return base(kw, flags, DefaultArg<T>(), x); }
    template <typename P, typename T> Args &read(const char *kw, int flags, P p, T &x) { return base(kw, flags, p, x); }
    template <typename P, typename T1, typename T2> Args &read(const char *kw, int flags, P p, T1 &x, T2 &y) { return base2(kw, flags, p, x, y); }
    template <typename T, typename V> Args &read_or_set(const char *kw, T &x, const V &dflt) { return base_or_set(kw, 0, DefaultArg<T>(), x, T(dflt)); }
    template <typename P, typename T, typename V, typename = not_int<P>> Args &read_or_set(const char *kw, P p, T &x, const V &dflt) { return base_or_set(kw, 0, p, x, T(dflt)); }
    template <typename T, typename V> Args &read_or_set_p(const char *kw, T &x, const V &dflt) { return base_or_set(kw, positional, DefaultArg<T>(), x, T(dflt)); }
    template <typename P, typename T, typename V, typename = not_int<P>> Args &read_or_set_p(const char *kw, P p, T &x, const V &dflt) { return base_or_set(kw, positional, p, x, T(dflt)); }
    template <typename T, typename V> Args &read_or_set(const char *kw, int flags, T &x, const V &dflt) { return base_or_set(kw, flags, DefaultArg<T>(), x, T(dflt)); }
    template <typename P, typename T, typename V> Args &read_or_set(const char *kw, int flags, P p, T &x, const V &dflt) { return base_or_set(kw, flags, p, x, T(dflt)); }
    // The parser stores by itself.
    template <typename P> Args &read_with(const char *kw, P p) { return with(kw, 0, p); }
    template <typename P, typename T, typename = not_int<P>> Args &read_with(const char *kw, P p, T &x) { return with(kw, 0, p, x); }
    template <typename P> Args &read_m_with(const char *kw, P p) { return with(kw, mandatory, p); }
    template <typename P, typename T, typename = not_int<P>> Args &read_m_with(const char *kw, P p, T &x) { return with(kw, mandatory, p, x); }
    template <typename P> Args &read_p_with(const char *kw, P p) { return with(kw, positional, p); }
    template <typename P, typename T, typename = not_int<P>> Args &read_p_with(const char *kw, P p, T &x) { return with(kw, positional, p, x); }
    template <typename P> Args &read_mp_with(const char *kw, P p) { return with(kw, mandatory | positional, p); }
    template <typename P, typename T, typename = not_int<P>> Args &read_mp_with(const char *kw, P p, T &x) { return with(kw, mandatory | positional, p, x); }
    template <typename P> Args &read_with(const char *kw, int flags, P p) { return with(kw, flags, p); }
    template <typename P, typename T> Args &read_with(const char *kw, int flags, P p, T &x) { return with(kw, flags, p, x); }
    // Every argument with this keyword, and every positional one left.
    template <typename P> Args &read_all_with(const char *kw, P p) { return all_with(kw, 0, p); }
    template <typename P> Args &read_all_with(const char *kw, int flags, P p) { return all_with(kw, flags, p); }
    template <typename P, typename T, typename = not_int<P>> Args &read_all_with(const char *kw, P p, T &x) { return all_with(kw, 0, p, x); }
    template <typename P, typename T> Args &read_all_with(const char *kw, int flags, P p, T &x) { return all_with(kw, flags, p, x); }
    template <typename T> Args &read_all(const char *kw, Vector<T> &v) { return all(kw, 0, DefaultArg<T>(), v); }
    template <typename T> Args &read_all(const char *kw, int flags, Vector<T> &v) { return all(kw, flags, DefaultArg<T>(), v); }
    template <typename P, typename T, typename = not_int<P>> Args &read_all(const char *kw, P p, Vector<T> &v) { return all(kw, 0, p, v); }
    template <typename P, typename T> Args &read_all(const char *kw, int flags, P p, Vector<T> &v) { return all(kw, flags, p, v); }

    /** Where a parser puts a result that shall reach @a x only if all goes well. */
    template <typename T> T *slot(T &x) { auto *s = new SlotT<T>(&x); link(s); return &s->value; }
    template <typename T> T *initialized_slot(T &x) { T *s = slot(x); assign(*s, x); return s; }
    template <typename T, typename V> Args &set(T &x, const V &value) { *slot(x) = value; return *this; }

    Args &read_status(bool &x) { x = _read_status; return *this; }
    const Args &read_status(bool &x) const { x = _read_status; return *this; }
    bool read_status() const { return _read_status; }
    bool status() const { return _status; }
    Args &status(bool &x) { x = _status; return *this; }
    const Args &status(bool &x) const { x = _status; return *this; }
    /** Store the results if all went well so far; what was not read stays, in the bound vector too, and may be read later. */
    int consume();
    /** As consume(), but the bound vector stays as it is. */
    int execute();
    /** As consume(), but what was not read is an error. */
    int complete();

  private:
    struct Slot { Slot *next = nullptr; virtual void store() = 0; virtual ~Slot() {} };
    template <typename T> static void assign(T &to, T &from) { if constexpr (std::is_array<T>::value) memcpy(&to, &from, sizeof to); else to = from; }
    template <typename T> struct SlotT : Slot {
        T *dst, value;
        explicit SlotT(T *d) : dst(d), value() {}
        void store() override { if constexpr (std::is_array<T>::value) memcpy(dst, &value, sizeof value); else *dst = std::move(value); }
    };
    Vector<String> *_bound = nullptr;
    Vector<String> _conf;
    Vector<char> _used;
    bool _status = true, _read_status = false;
    Slot *_slots = nullptr, **_tail = &_slots;

    Args &take(const Vector<String> &conf);
    static int keyword_length(const String &arg);
    bool find(const char *kw, int flags, String &value);
    void failed(const char *kw);
    void drop_slots(Slot **from);
    void link(Slot *s) { *_tail = s; _tail = &s->next; }
    void read_failed(const char *kw, Slot **before) { drop_slots(before); _read_status = false; failed(kw); }

    template <typename P, typename T> bool run(P &parser, const String &value, T &x) {
        if constexpr (Args_has_enable_direct_parse<P>::value) return direct(parser, value, x, 0);
        else return parser.parse(value, *slot(x), *this);
    }
    template <typename P, typename T> auto direct(P &parser, const String &value, T &x, int) -> decltype(parser.direct_parse(value, x, *this)) { return parser.direct_parse(value, x, *this); }
    template <typename P, typename T> bool direct(P &parser, const String &value, T &x, long) { return parser.parse(value, x, *this); }
    template <typename P, typename T> Args &base(const char *kw, int flags, P parser, T &x) {
        String value;
        Slot **before = _tail;
        if ((_read_status = find(kw, flags, value)) && !run(parser, value, x)) read_failed(kw, before);
        return *this;
    }
    template <typename P, typename T1, typename T2> Args &base2(const char *kw, int flags, P parser, T1 &x, T2 &y) {
        String value;
        Slot **before = _tail;
        if ((_read_status = find(kw, flags, value))) {
            T1 *sx = slot(x);
            T2 *sy = slot(y);
            if (!parser.parse(value, *sx, *sy, *this)) read_failed(kw, before);
        }
        return *this;
    }
    template <typename P, typename T> Args &base_or_set(const char *kw, int flags, P parser, T &x, const T &dflt) {
        base(kw, flags, parser, x);
        if (!_read_status) *slot(x) = dflt;
        return *this;
    }
    template <typename P, typename... X> Args &with(const char *kw, int flags, P parser, X &...x) {
        String value;
        Slot **before = _tail;
        if ((_read_status = find(kw, flags, value)) && !parser.parse(value, x..., *this)) read_failed(kw, before);
        return *this;
    }
    template <typename P, typename... X> Args &all_with(const char *kw, int flags, P parser, X &...x) {
        String value;
        bool any = false;
        for (int f = positional | flags; find(kw, f, value); f &= ~mandatory) {
            Slot **before = _tail;
            if (parser.parse(value, x..., *this)) any = true;
            else read_failed(kw, before);
        }
        _read_status = any;
        return *this;
    }
    template <typename P, typename T> Args &all(const char *kw, int flags, P parser, Vector<T> &v) {
        Vector<T> *results = slot(v);
        String value;
        for (int f = positional | flags; find(kw, f, value); f &= ~mandatory) {
            T x = T();
            if (parser.parse(value, x, *this)) results->push_back(x);
            else failed(kw);
        }
        _read_status = results->size() > 0;
        return *this;
    }
};

CLICK_ENDDECLS
#include <click/argparsers.hh>
#endif
