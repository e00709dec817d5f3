// The parsers of argument types: parse(text, result..., context) says whether the text is such a thing.
#ifndef CLICK_ARGPARSERS_HH
#define CLICK_ARGPARSERS_HH
#include <click/args.hh>
#include <click/atomic.hh>
CLICK_DECLS

/** How the last parse() went. */
struct NumArg {
    enum { status_ok = 0, status_inval = EINVAL, status_range = ERANGE, status_notsup = ENOTSUP, status_unitless = 1 };
    int status = status_ok;
};

struct IntArg : NumArg {
    int base;
    IntArg(int b = 0) : base(b) {}
    template <typename T> bool parse(const String &s, T &result, const ArgContext &args = blank_args) {
        T x = T();
        if (!parse_saturating(s, x, args)) return false;
        if (status == status_range) { range(s[0] == '-', args); return false; }
        result = x;
        return true;
    }
    /** What does not fit is cut to the nearest value that does; status says so. */
    template <typename T> bool parse_saturating(const String &s, T &result, const ArgContext &args = blank_args) {
        bool negative;
        uint64_t v;
        status = status_inval;
        if (!magnitude(s, negative, v)) return invalid(s, args);
        const uint64_t limit = negative ? (std::is_signed<T>::value ? (uint64_t) std::numeric_limits<T>::max() + 1 : 0) : (uint64_t) std::numeric_limits<T>::max();
        if (v > limit) status = status_range, v = limit;
        else if (status != status_range) status = status_ok;
        result = negative ? (T) (0 - v) : (T) v;
        return true;
    }
  private:
    bool magnitude(const String &s, bool &negative, uint64_t &v);       // status becomes status_range if v was cut
    bool invalid(const String &s, const ArgContext &args) const;
    void range(bool negative, const ArgContext &args) const;
};
struct SaturatingIntArg : IntArg {
    SaturatingIntArg(int b = 0) : IntArg(b) {}
    template <typename T> bool parse(const String &s, T &result, const ArgContext &args = blank_args) { return parse_saturating(s, result, args); }
};
struct BoundedIntArg : IntArg {
    int64_t low, high;
    BoundedIntArg(int64_t l, int64_t h, int b = 0) : IntArg(b), low(l), high(h) {}
    template <typename T> bool parse(const String &s, T &result, const ArgContext &args = blank_args) {
        int64_t x = 0;
        if (!IntArg::parse(s, x, args)) return false;
        if (x < low || x > high) { status = status_range; args.error("out of range, limit %lld to %lld", (long long) low, (long long) high); return false; }
        result = (T) x;
        return true;
    }
};
/** Binary fractions, times 2^bits; decimal ones, times 10^digits. An exponent moves the point. */
struct FixedPointArg : NumArg {
    int bits, exponent;
    explicit FixedPointArg(int b, int e = 0) : bits(b), exponent(e) {}
    template <typename T> bool parse(const String &s, T &r, const ArgContext & = blank_args) { bool ok = cp_real2(shifted(s, exponent), bits, &r); status = ok ? status_ok : status_inval; return ok; }
    static String shifted(const String &s, int exponent);
};
struct DecimalFixedPointArg : NumArg {
    int digits, exponent;
    DecimalFixedPointArg(int d, int e = 0) : digits(d), exponent(e) {}
    template <typename T> bool parse(const String &s, T &r, const ArgContext & = blank_args) { bool ok = cp_real10(FixedPointArg::shifted(s, exponent), digits, &r); status = ok ? status_ok : status_inval; return ok; }
};
struct BandwidthArg : NumArg {
    bool parse(const String &s, uint32_t &r, const ArgContext & = blank_args);
    static String unparse(uint32_t x) { return cp_unparse_bandwidth(x); }
};
struct BoolArg {
    static bool parse(const String &s, bool &result, const ArgContext & = blank_args) { return cp_bool(s, &result); }
    static String unparse(bool x) { return String(x); }
};
struct DoubleArg : NumArg { bool parse(const String &s, double &result, const ArgContext & = blank_args) { bool ok = cp_double(s, &result); status = ok ? status_ok : status_inval; return ok; } };
struct StringArg { static bool parse(const String &s, String &result, const ArgContext & = blank_args) { return cp_string(s, &result); } };
struct WordArg { static bool parse(const String &s, String &result, const ArgContext & = blank_args) { return cp_word(s, &result); } };
struct KeywordArg { static bool parse(const String &s, String &result, const ArgContext & = blank_args) { return cp_keyword(s, &result); } };
struct FilenameArg { static bool parse(const String &s, String &result, const ArgContext & = blank_args) { return cp_string(s, &result) && result; } };
struct AnyArg {
    static bool parse(const String &, const ArgContext & = blank_args) { return true; }
    static bool parse(const String &, Args &) { return true; }
    template <typename T> static bool parse(const String &s, T &result, const ArgContext & = blank_args) { result = T(s); return true; }
    static bool parse(const String &s, Vector<String> &result, const ArgContext & = blank_args) { result.push_back(s); return true; }
};
struct IPAddressArg {
    static bool parse(const String &s, IPAddress &result, const ArgContext &args = blank_args) { return cp_ip_address(s, &result, args.context()); }
    static bool parse(const String &s, struct in_addr &result, const ArgContext &args = blank_args) { return cp_ip_address(s, &result, args.context()); }
    static bool parse(const String &s, Vector<IPAddress> &result, const ArgContext &args = blank_args) { return cp_ip_address_list(s, &result, args.context()); }
    /** The address at the front of [begin, end); returns where it ends, begin if there is none. */
    static const char *basic_parse(const char *begin, const char *end, IPAddress &result);
};
struct EtherAddressArg {
    EtherAddressArg(int = 0) {}
    static bool parse(const String &s, EtherAddress &result, const ArgContext &args = blank_args) { return cp_ethernet_address(s, &result, args.context()); }
    static bool parse(const String &s, unsigned char *result, const ArgContext &args = blank_args) { return cp_ethernet_address(s, result, args.context()); }
};
struct IPPrefixArg {
    bool allow_bare_address;
    explicit IPPrefixArg(bool bare = false) : allow_bare_address(bare) {}
    bool parse(const String &s, IPAddress &addr, IPAddress &mask, const ArgContext &args = blank_args) const { return cp_ip_prefix(s, &addr, &mask, allow_bare_address, args.context()); }
    bool parse(const String &s, struct in_addr &addr, struct in_addr &mask, const ArgContext &args = blank_args) const {
        IPAddress a, m;
        if (!parse(s, a, m, args)) return false;
        addr = a.in_addr(), mask = m.in_addr();
        return true;
    }
};
struct IPPortArg {
    int proto;
    explicit IPPortArg(int p = 0) : proto(p) {}
    bool parse(const String &s, uint16_t &result, const ArgContext & = blank_args) const;
};
/** Seconds, scaled: SecondsArg(3) stores milliseconds in an integer. */
struct SecondsArg : NumArg {
    int digits;
    explicit SecondsArg(int d = 0) : digits(d) {}
    template <typename T> bool parse(const String &s, T &result, const ArgContext & = blank_args) {
        int64_t ns, unit = 1000000000;
        status = status_inval;
        if (!cp_time(s, &ns) || ns < 0) return false;
        if constexpr (std::is_floating_point<T>::value) {
            result = ns / 1e9;
        } else {
            for (int i = 0; i < digits; ++i) unit /= 10;
            status = status_range;
            int64_t x = (ns + unit / 2) / unit;
            if ((int64_t) (T) x != x) return false;
            result = (T) x;
        }
        status = status_ok;
        return true;
    }
    template <typename T> bool parse_saturating(const String &s, T &result, const ArgContext &args = blank_args) {
        if (parse(s, result, args)) return true;
        if (status == status_range) result = std::numeric_limits<T>::max();
        return status == status_range;
    }
};
struct TimestampArg {
    bool is_signed;
    TimestampArg(bool s = false) : is_signed(s) {}
    bool parse(const String &s, Timestamp &t, const ArgContext & = blank_args) const { return cp_time(s, &t, is_signed); }
};
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
template <> struct DefaultArg<char> : IntArg {};
struct AtomicArg {
    static bool parse(const String &s, atomic_uint32_t &x, const ArgContext &args = blank_args) { uint32_t v; if (!IntArg().parse(s, v, args)) return false; x = v; return true; }
};
template <> struct DefaultArg<atomic_uint32_t> : AtomicArg {};
template <> struct DefaultArg<IPAddress> : IPAddressArg {};
template <> struct DefaultArg<struct in_addr> : IPAddressArg {};
template <> struct DefaultArg<Vector<IPAddress>> : IPAddressArg {};
template <> struct DefaultArg<EtherAddress> : EtherAddressArg {};
template <> struct DefaultArg<Timestamp> : TimestampArg {};
template <> struct DefaultArg<Element *> : ElementArg {};

CLICK_ENDDECLS
#endif
