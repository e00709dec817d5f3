// Numbers, times and addresses in configuration text: see confparse.hh.
#include <click/config.h>
#include <click/confparse.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
#include <click/standard/addressinfo.hh>
CLICK_DECLS

static bool space(char c) { return isspace((unsigned char) c); }
static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/** Sign, magnitude; true if all of @a str is a number. */
static bool parse_number(const String &str, int base, bool *negative, uint64_t *value) {
    const char *s = str.begin(), *end = str.end();
    *negative = s < end && *s == '-';
    if (s < end && (*s == '-' || *s == '+')) ++s;
    if (end - s > 2 && *s == '0' && (s[1] == 'x' || s[1] == 'X') && (base == 0 || base == 16)) s += 2, base = 16;
    else if (base == 0 && end - s > 1 && *s == '0') base = 8;
    else if (base == 0) base = 10;
    if (s == end) return false;
    uint64_t v = 0;
    for (; s < end; ++s) {
        int d = hex_digit(*s);
        if (d < 0 || d >= base || __builtin_mul_overflow(v, (uint64_t) base, &v) || __builtin_add_overflow(v, (uint64_t) d, &v)) return false;
    }
    *value = v;
    return true;
}

bool cp_integer(const String &str, int base, int64_t *result) {
    bool neg;
    uint64_t v;
    if (!parse_number(str, base, &neg, &v) || v > (uint64_t) INT64_MAX + neg) return false;
    *result = neg ? (int64_t) -v : (int64_t) v;
    return true;
}
bool cp_integer(const String &s, int base, uint64_t *r) { bool neg; return parse_number(s, base, &neg, r) && !(neg && *r); }

/** The number at the front of [s, end). */
static const char *number_at(const char *s, const char *end, int base, bool *negative, uint64_t *value) {
    const char *b = s;
    *negative = s < end && *s == '-';
    if (s < end && (*s == '-' || *s == '+')) ++s;
    if (end - s > 2 && *s == '0' && (s[1] == 'x' || s[1] == 'X') && (base == 0 || base == 16) && hex_digit(s[2]) >= 0) s += 2, base = 16;
    else if (base == 0) base = end - s > 1 && *s == '0' && s[1] >= '0' && s[1] < '8' ? 8 : 10;
    const char *digits = s;
    uint64_t v = 0;
    for (int d; s < end && (d = hex_digit(*s)) >= 0 && d < base; ++s)
        if (__builtin_mul_overflow(v, (uint64_t) base, &v) || __builtin_add_overflow(v, (uint64_t) d, &v)) v = UINT64_MAX;
    *value = v;
    return s == digits ? b : s;
}
const char *cp_integer(const char *s, const char *end, int base, uint64_t *r) {
    bool neg;
    uint64_t v;
    const char *e = number_at(s, end, base, &neg, &v);
    if (e == s || (neg && v)) return s;
    *r = v;
    return e;
}
const char *cp_integer(const char *s, const char *end, int base, int64_t *r) {
    bool neg;
    uint64_t v;
    const char *e = number_at(s, end, base, &neg, &v);
    if (e != s) *r = neg ? (v > (uint64_t) INT64_MAX ? INT64_MIN : -(int64_t) v) : v > (uint64_t) INT64_MAX ? INT64_MAX : (int64_t) v;
    return e;
}
const char *cp_integer(const char *s, const char *end, int base, int *r) {
    int64_t x;
    const char *e = cp_integer(s, end, base, &x);
    if (e != s) *r = x < INT_MIN ? INT_MIN : x > INT_MAX ? INT_MAX : (int) x;
    return e;
}
const char *cp_integer(const char *s, const char *end, int base, unsigned *r) {
    uint64_t x;
    const char *e = cp_integer(s, end, base, &x);
    if (e != s) *r = x > UINT_MAX ? UINT_MAX : (unsigned) x;
    return e;
}

bool cp_bool(const String &s, bool *r) {
    if (s == "1" || s == "true" || s == "t" || s == "yes" || s == "y") return *r = true;
    if (s == "0" || s == "false" || s == "f" || s == "no" || s == "n") { *r = false; return true; }
    return false;
}

bool cp_double(const String &s, double *r) {
    if (!s || space(s[0])) return false;
    char *e;
    double d = strtod(s.c_str(), &e);
    if (e != s.c_str() + s.length() || d != d || d - d != 0) return false;
    *r = d;
    return true;
}

bool cp_time(const String &str, int64_t *ns) {
    static const struct { const char *unit; double scale; } units[] = {
        {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"min", 60e9}, {"sec", 1e9}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"", 1e9}};
    for (const auto &u : units)
        if (str.ends_with(u.unit)) {
            double d;
            if (!cp_double(str.substring(0, str.length() - (int) strlen(u.unit)).trim_space(), &d) || d > 9e18 / u.scale || d < -9e18 / u.scale) return false;
            *ns = (int64_t) (d * u.scale);
            return true;
        }
    return false;
}

bool cp_ip_address(const String &s, IPAddress *r, const Element *context) {
    struct in_addr a;
    if (s.length() <= 15 && inet_pton(AF_INET, s.c_str(), &a) == 1) {
        *r = IPAddress(a);
        return true;
    }
    IPAddress named;
    if (!AddressInfo::query_ip(s, named.data(), context)) return false;
    *r = named;
    return true;
}

/** `10`, `18.26.4`: the octets left out are 0. */
static String whole_address(const String &s) {
    int dots = 0;
    for (char c : s)
        if (c == '.') ++dots;
        else if (!isdigit((unsigned char) c)) return s;
    String whole = s;
    for (; s && dots < 3; ++dots) whole += ".0";
    return whole;
}

bool cp_ip_prefix(const String &s, IPAddress *addr, IPAddress *mask, bool bare, const Element *context) {
    int slash = s.find_left('/'), len;
    IPAddress a, named_mask;
    if (slash < 0) {
        if (bare && cp_ip_address(s, addr, context)) {
            *mask = IPAddress::make_broadcast();
            return true;
        }
        if (!AddressInfo::query_ip_prefix(s, a.data(), named_mask.data(), context)) return false;
        *addr = a, *mask = named_mask;
        return true;
    }
    String m = s.substring(slash + 1);
    if (!cp_ip_address(whole_address(s.substring(0, slash)), &a, context)) return false;
    if (m.find_left('.') < 0 && cp_integer(m, &len)) {
        if (len < 0 || len > 32) return false;
        *mask = IPAddress::make_prefix(len);
    } else if (!cp_ip_address(m, mask, context)) return false;
    *addr = a;
    return true;
}

/** Six bytes in hexadecimal; false if @a s is none. */
static bool literal_ethernet(const String &s, EtherAddress *r) {
    unsigned char d[6];
    const char *p = s.begin(), *end = s.end();
    char sep = 0;
    for (int i = 0; i < 6; ++i) {
        int v = 0, n = 0;
        for (; p < end && n < 2 && hex_digit(*p) >= 0; ++p, ++n) v = v * 16 + hex_digit(*p);
        if (!n) return false;
        d[i] = v;
        if (i < 5) {
            if (p == end || (*p != ':' && *p != '-') || (sep && *p != sep)) return false;
            sep = *p++;
        }
    }
    if (p != end) return false;
    *r = EtherAddress(d);
    return true;
}
bool cp_ethernet_address(const String &s, EtherAddress *r, const Element *context) {
    return literal_ethernet(s, r) || AddressInfo::query_ethernet(s, r->data(), context);
}

CLICK_ENDDECLS
