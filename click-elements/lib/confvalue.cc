// Numbers, times and addresses in configuration text: see confparse.hh.
#include <click/config.h>
#include <click/confparse.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
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
    if (!parse_number(str, base, &neg, &v) || v > (uint64_t) INT64_MAX) return false;
    *result = neg ? -(int64_t) v : (int64_t) v;
    return true;
}
bool cp_integer(const String &s, int64_t *r) { return cp_integer(s, 0, r); }
bool cp_integer(const String &s, uint64_t *r) { bool neg; return parse_number(s, 0, &neg, r) && !(neg && *r); }
bool cp_integer(const String &s, int *r) { int64_t x; if (!cp_integer(s, &x) || x != (int) x) return false; *r = (int) x; return true; }
bool cp_integer(const String &s, unsigned *r) { int64_t x; if (!cp_integer(s, &x) || x != (unsigned) x) return false; *r = (unsigned) x; return true; }

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

bool cp_ip_address(const String &s, IPAddress *r, const Element *) {
    struct in_addr a;
    if (s.length() > 15 || inet_pton(AF_INET, s.c_str(), &a) != 1) return false;
    *r = IPAddress(a);
    return true;
}

bool cp_ip_prefix(const String &s, IPAddress *addr, IPAddress *mask, bool bare, const Element *) {
    int slash = s.find_left('/'), len;
    if (slash < 0) {
        if (!bare || !cp_ip_address(s, addr)) return false;
        *mask = IPAddress::make_broadcast();
        return true;
    }
    IPAddress a;
    String m = s.substring(slash + 1);
    String prefix = s.substring(0, slash);
    for (int dots = 0, i = 0; i <= prefix.length() && prefix; ++i)      // `10/8`, `18.26.4/24`: the octets left out are 0
        if (i < prefix.length()) dots += prefix[i] == '.';
        else { for (; dots < 3; ++dots) prefix += ".0"; break; }
    if (!cp_ip_address(prefix, &a)) return false;
    if (cp_integer(m, &len) && m.find_left('.') < 0) {
        if (len < 0 || len > 32) return false;
        *mask = IPAddress::make_prefix(len);
    } else if (!cp_ip_address(m, mask)) return false;
    *addr = a;
    return true;
}

bool cp_ethernet_address(const String &s, EtherAddress *r, const Element *) {
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

CLICK_ENDDECLS
