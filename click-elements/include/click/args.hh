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
  protected:
    const Element *_context;
    ErrorHandler *_errh;
    String _keyword;              // the argument being read, put before messages
    mutable bool _complained = false;
};
extern const ArgContext blank_args;

template <typename T, typename Enable = void> struct DefaultArg;

class Args : public ArgContext { public:
    enum { mandatory = 1, positional = 2, deprecated = 4, firstmatch = 8 };

    Args(ErrorHandler *errh = nullptr) : ArgContext(nullptr, errh) {}
    Args(const Element *e, ErrorHandler *errh = nullptr) : ArgContext(e, errh) {}
    Args(const Vector<String> &conf, ErrorHandler *errh = nullptr) : ArgContext(nullptr, errh) { bind(conf); }
    Args(const Vector<String> &conf, const Element *e, ErrorHandler *errh = nullptr) : ArgContext(e, errh) { bind(conf); }
    ~Args();
    Args(const Args &) = delete;

    Args &bind(const Vector<String> &conf);
    Args &push_back(const String &arg) { _conf.push_back(arg); _used.push_back(0); return *this; }
    Args &push_back_args(const String &s) { Vector<String> v; cp_argvec(s, v); for (const String &a : v) push_back(a); return *this; }
    Args &push_back_words(const String &s) { Vector<String> v; cp_spacevec(s, v); for (const String &a : v) push_back(a); return *this; }
    bool empty() const;

    template <typename T> Args &read(const char *kw, T &x) { return base(kw, 0, DefaultArg<T>(), x); }
    template <typename T> Args &read_m(const char *kw, T &x) { return base(kw, mandatory, DefaultArg<T>(), x); }
    template <typename T> Args &read_p(const char *kw, T &x) { return base(kw, positional, DefaultArg<T>(), x); }
    template <typename T> Args &read_mp(const char *kw, T &x) { return base(kw, mandatory | positional, DefaultArg<T>(), x); }
    template <typename T> Args &read(const char *kw, int flags, T &x) { return base(kw, flags, DefaultArg<T>(), x); }
    template <typename P, typename T> Args &read(const char *kw, P p, T &x) { return base(kw, 0, p, x); }
    template <typename P, typename T> Args &read_m(const char *kw, P p, T &x) { return base(kw, mandatory, p, x); }
    template <typename P, typename T> Args &read_p(const char *kw, P p, T &x) { return base(kw, positional, p, x); }
    template <typename P, typename T> Args &read_mp(const char *kw, P p, T &x) { return base(kw, mandatory | positional, p, x); }
    template <typename P, typename T> Args &read(const char *kw, int flags, P p, T &x) { return base(kw, flags, p, x); }
    template <typename T, typename V> Args &read_or_set(const char *kw, T &x, const V &dflt) { return base_or_set(kw, 0, DefaultArg<T>(), x, T(dflt)); }
    template <typename T, typename V> Args &read_or_set_p(const char *kw, T &x, const V &dflt) { return base_or_set(kw, positional, DefaultArg<T>(), x, T(dflt)); }
    template <typename P, typename T, typename V> Args &read_or_set(const char *kw, P p, T &x, const V &dflt) { return base_or_set(kw, 0, p, x, T(dflt)); }
    template <typename P, typename T, typename V> Args &read_or_set_p(const char *kw, P p, T &x, const V &dflt) { return base_or_set(kw, positional, p, x, T(dflt)); }
    /** The parser stores by itself. */
    template <typename P> Args &read_with(const char *kw, P p) { return with(kw, 0, p); }
    template <typename P> Args &read_m_with(const char *kw, P p) { return with(kw, mandatory, p); }
    template <typename P> Args &read_p_with(const char *kw, P p) { return with(kw, positional, p); }
    template <typename P> Args &read_mp_with(const char *kw, P p) { return with(kw, mandatory | positional, p); }
    /** Every argument with this keyword, and every positional one left. */
    template <typename T> Args &read_all(const char *kw, Vector<T> &v) { return all(kw, 0, DefaultArg<T>(), v); }
    template <typename T> Args &read_all(const char *kw, int flags, Vector<T> &v) { return all(kw, flags, DefaultArg<T>(), v); }
    template <typename P, typename T> Args &read_all(const char *kw, P p, Vector<T> &v) { return all(kw, 0, p, v); }

    Args &read_status(bool &x) { x = _read_status; return *this; }
    bool read_status() const { return _read_status; }
    bool status() const { return _status; }
    Args &status(bool &x) { x = _status; return *this; }
    /** As complete(), but leftover arguments are allowed and stay. */
    int consume();
    int execute() { return consume(); }
    int complete();

  private:
    struct Slot { Slot *next = nullptr; virtual void store() = 0; virtual ~Slot() {} };
    template <typename T> struct SlotT : Slot {
        T *dst; T value;
        explicit SlotT(T *d) : dst(d), value() {}
        void store() override { *dst = std::move(value); }
    };
    Vector<String> _conf;
    Vector<char> _used;
    bool _status = true, _read_status = false;
    Slot *_slots = nullptr, **_tail = &_slots;

    static int keyword_length(const String &arg);
    bool find(const char *kw, int flags, String &value);
    void failed(const char *kw);
    template <typename T> SlotT<T> *slot(T &x) { auto *s = new SlotT<T>(&x); *_tail = s; _tail = &s->next; return s; }
    void link(Slot *s) { *_tail = s; _tail = &s->next; }

    template <typename P, typename T> Args &base(const char *kw, int flags, P parser, T &x) {
        String value;
        if ((_read_status = find(kw, flags, value))) {
            auto *s = new SlotT<T>(&x);
            if (parser.parse(value, s->value, *this)) link(s);
            else { delete s; _read_status = false; failed(kw); }
        }
        return *this;
    }
    template <typename P, typename T> Args &base_or_set(const char *kw, int flags, P parser, T &x, const T &dflt) {
        base(kw, flags, parser, x);
        if (!_read_status) slot(x)->value = dflt;
        return *this;
    }
    template <typename P> Args &with(const char *kw, int flags, P parser) {
        String value;
        if ((_read_status = find(kw, flags, value)) && !parser.parse(value, *this)) failed(kw);
        return *this;
    }
    template <typename P, typename T> Args &all(const char *kw, int flags, P parser, Vector<T> &v) {
        auto *s = new SlotT<Vector<T>>(&v);
        link(s);
        String value;
        for (int f = positional | flags; find(kw, f, value); f &= ~mandatory) {
            T x = T();
            if (parser.parse(value, x, *this)) s->value.push_back(x);
            else failed(kw);
        }
        _read_status = s->value.size() > 0;
        return *this;
    }
};

// Parsers

struct IntArg {
    int base;
    explicit IntArg(int b = 0) : base(b) {}
    template <typename T> bool parse(const String &s, T &result, const ArgContext &args = blank_args) const {
        int64_t x;
        if (sizeof(T) == 8 && T(-1) > T(0)) {
            uint64_t u;
            if (!cp_integer(s, &u)) return invalid(s, args);
            result = (T) u;
            return true;
        }
        if (!cp_integer(s, base, &x)) return invalid(s, args);
        if ((int64_t) (T) x != x) { range(x < 0, args); return false; }
        result = (T) x;
        return true;
    }
  private:
    bool invalid(const String &s, const ArgContext &args) const;
    void range(bool negative, const ArgContext &args) const;
};
struct BoundedIntArg {
    int64_t low, high;
    BoundedIntArg(int64_t l, int64_t h) : low(l), high(h) {}
    template <typename T> bool parse(const String &s, T &result, const ArgContext &args = blank_args) const {
        int64_t x = 0;
        if (!IntArg().parse(s, x, args)) return false;
        if (x < low || x > high) { args.error("out of range, limit %lld to %lld", (long long) low, (long long) high); return false; }
        result = (T) x;
        return true;
    }
};
struct BoolArg { static bool parse(const String &s, bool &result, const ArgContext &args = blank_args) { (void) args; return cp_bool(s, &result); } };
struct DoubleArg { static bool parse(const String &s, double &result, const ArgContext & = blank_args) { return cp_double(s, &result); } };
struct StringArg { static bool parse(const String &s, String &result, const ArgContext & = blank_args) { return cp_string(s, &result); } };
struct WordArg { static bool parse(const String &s, String &result, const ArgContext & = blank_args) { return cp_word(s, &result); } };
struct KeywordArg { static bool parse(const String &s, String &result, const ArgContext & = blank_args) { return cp_keyword(s, &result); } };
struct FilenameArg { static bool parse(const String &s, String &result, const ArgContext & = blank_args) { return cp_string(s, &result) && result; } };
struct AnyArg { template <typename T> static bool parse(const String &s, T &result, const ArgContext & = blank_args) { result = T(s); return true; } };
struct IPAddressArg { static bool parse(const String &s, IPAddress &result, const ArgContext & = blank_args) { return cp_ip_address(s, &result); } };
struct EtherAddressArg { static bool parse(const String &s, EtherAddress &result, const ArgContext & = blank_args) { return cp_ethernet_address(s, &result); } };
struct IPPrefixArg {
    bool allow_bare_address;
    explicit IPPrefixArg(bool bare = false) : allow_bare_address(bare) {}
    bool parse(const String &s, IPAddress &addr, IPAddress &mask, const ArgContext & = blank_args) const { return cp_ip_prefix(s, &addr, &mask, allow_bare_address); }
};
struct IPPortArg {
    int proto;
    explicit IPPortArg(int p = 0) : proto(p) {}
    bool parse(const String &s, uint16_t &result, const ArgContext & = blank_args) const;
};
/** Seconds, scaled: SecondsArg(3) stores milliseconds in an integer. */
struct SecondsArg {
    int digits;
    explicit SecondsArg(int d = 0) : digits(d) {}
    template <typename T> bool parse(const String &s, T &result, const ArgContext & = blank_args) const {
        int64_t ns, unit = 1000000000;
        if (!cp_time(s, &ns) || ns < 0) return false;
        for (int i = 0; i < digits; ++i) unit /= 10;
        result = (T) ((ns + unit / 2) / unit);
        return (int64_t) result == (ns + unit / 2) / unit;
    }
};
struct TimestampArg { static bool parse(const String &s, Timestamp &t, const ArgContext & = blank_args) { int64_t ns; if (!cp_time(s, &ns)) return false; t = Timestamp::from_ns(ns); return true; } };
struct AnnoArg {
    int size;
    explicit AnnoArg(int s) : size(s) {}
    bool parse(const String &s, int &result, const ArgContext & = blank_args) const;
};
struct ElementArg { static bool parse(const String &s, Element *&result, const ArgContext &args); };
struct ElementCastArg {
    const char *type;
    explicit ElementCastArg(const char *t) : type(t) {}
    template <typename T> bool parse(const String &s, T *&result, const ArgContext &args) const { return (result = (T *) find(s, args)); }
  private:
    void *find(const String &s, const ArgContext &args) const;
};

template <> struct DefaultArg<bool> : BoolArg {};
template <> struct DefaultArg<short> : IntArg {};
template <> struct DefaultArg<unsigned short> : IntArg {};
template <> struct DefaultArg<signed char> : IntArg {};
template <> struct DefaultArg<unsigned char> : IntArg {};
template <> struct DefaultArg<int> : IntArg {};
template <> struct DefaultArg<unsigned> : IntArg {};
template <> struct DefaultArg<long> : IntArg {};
template <> struct DefaultArg<unsigned long> : IntArg {};
template <> struct DefaultArg<long long> : IntArg {};
template <> struct DefaultArg<unsigned long long> : IntArg {};
template <> struct DefaultArg<double> : DoubleArg {};
template <> struct DefaultArg<String> : StringArg {};
template <> struct DefaultArg<IPAddress> : IPAddressArg {};
template <> struct DefaultArg<EtherAddress> : EtherAddressArg {};
template <> struct DefaultArg<Timestamp> : TimestampArg {};
template <> struct DefaultArg<Element *> : ElementArg {};

CLICK_ENDDECLS
#endif
