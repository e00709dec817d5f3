// Configuration text: fractions, times, bandwidths, handlers and annotations, both ways.
#include <click/config.h>
#include <click/args.hh>
#include <click/confparse.hh>
#include <click/handlercall.hh>
#include <click/int128.hh>
#include <click/ip6address.hh>
#include <click/router.hh>
CLICK_DECLS

// ---- Fractions

/** A decimal number: sign, and its value times 10^@a digits, rounded; false if it is none or does not fit. Exact, unlike a double. */
static bool parse_decimal(const String &str, int digits, bool *negative, int128 *value) {
    const char *s = str.begin(), *end = str.end();
    *negative = s < end && *s == '-';
    if (s < end && (*s == '-' || *s == '+')) ++s;
    int128 v = 0;
    int after = -1, seen = 0, exponent = 0;
    const int128 limit = (int128) 1 << 100;
    bool round_up = false;
    Vector<char> ds;
    for (; s < end && (isdigit((unsigned char) *s) || (*s == '.' && after < 0)); ++s)
        if (*s == '.') after = 0;
        else { ++seen; ds.push_back(*s - '0'); if (after >= 0) ++after; }
    if (!seen) return false;
    if (s < end && (*s == 'e' || *s == 'E')) {
        const char *e = cp_integer(s + 1, end, 10, &exponent);
        if (e == s + 1 || exponent > 40 || exponent < -60) return false;
        s = e;
    }
    if (s != end) return false;
    int take = ds.size() - (after < 0 ? 0 : after) + exponent + digits;      // how many digits count
    for (int i = 0; i < take; ++i) {
        v = v * 10 + (i < ds.size() ? ds[i] : 0);
        if (v > limit) return false;
    }
    if (take >= 0 && take < ds.size()) round_up = ds[take] >= 5;
    *value = v + round_up;
    return true;
}

static bool fit(bool negative, int128 v, int32_t *r) {
    if (v > (int128) INT32_MAX + negative) return false;
    *r = negative ? (int32_t) -(int64_t) v : (int32_t) v;
    return true;
}
static bool fit(bool negative, int128 v, uint32_t *r) {
    if (v > UINT32_MAX || (negative && v)) return false;
    *r = (uint32_t) v;
    return true;
}
template <typename T> static bool real10(const String &s, int digits, T *r) {
    bool neg;
    int128 v;
    return digits >= 0 && digits <= 9 && parse_decimal(s, digits, &neg, &v) && fit(neg, v, r);
}
template <typename T> static bool real2(const String &s, int bits, T *r) {
    bool neg;
    int128 v;
    if (bits < 0 || bits > 31 || !parse_decimal(s, 12, &neg, &v) || v > ((int128) 1 << 80)) return false;
    const int128 one = 1000000000000ULL;
    return fit(neg, ((v << bits) + one / 2) / one, r);
}
bool cp_real10(const String &s, int digits, int32_t *r) { return real10(s, digits, r); }
bool cp_real10(const String &s, int digits, uint32_t *r) { return real10(s, digits, r); }
bool cp_real2(const String &s, int bits, int32_t *r) { return real2(s, bits, r); }
bool cp_real2(const String &s, int bits, uint32_t *r) { return real2(s, bits, r); }

static String without_zeros(String s) {
    if (s.find_left('.') < 0) return s;
    while (s.back() == '0') s = s.substring(0, s.length() - 1);
    return s.back() == '.' ? s.substring(0, s.length() - 1) : s;
}
String cp_unparse_real2(uint64_t v, int bits) {
    // As few decimals as tell neighbours apart
    if (bits <= 0) return String(v);
    int digits = bits * 302 / 1000 + 1;
    uint64_t whole = v >> bits;
    int128 scale = 1, fraction = v & ((uint64_t(1) << bits) - 1);
    for (int i = 0; i < digits; ++i) scale *= 10;
    uint64_t f = (uint64_t) ((fraction * scale + ((int128) 1 << (bits - 1))) >> bits);
    if (f >= scale) ++whole, f = 0;
    StringAccum sa;
    sa << whole << '.';
    sa.snprintf(24, "%0*llu", digits, (unsigned long long) f);
    return without_zeros(sa.take_string());
}
String cp_unparse_real2(int64_t v, int bits) { return v < 0 ? "-" + cp_unparse_real2(-(uint64_t) v, bits) : cp_unparse_real2((uint64_t) v, bits); }
String cp_unparse_real10(uint32_t v, int digits) {
    uint32_t one = 1;
    for (int i = 0; i < digits; ++i) one *= 10;
    StringAccum sa;
    sa << v / one;
    if (digits > 0) sa.snprintf(16, ".%0*u", digits, v % one);
    return without_zeros(sa.take_string());
}
String cp_unparse_real10(int32_t v, int digits) { return v < 0 ? "-" + cp_unparse_real10(-(uint32_t) v, digits) : cp_unparse_real10((uint32_t) v, digits); }
String cp_unparse_bool(bool b) { return String(b); }

// ---- Times and rates

String cp_unparse_milliseconds(uint32_t ms) { return ms && ms < 1000 ? String(ms) + "ms" : cp_unparse_real10(ms, 3) + "s"; }
String cp_unparse_microseconds(uint32_t us) { return us && us < 1000 ? String(us) + "us" : us && us < 1000000 ? cp_unparse_real10(us, 3) + "ms" : cp_unparse_real10(us, 6) + "s"; }
String cp_unparse_interval(const Timestamp &t) { return t.unparse_interval(); }

bool cp_seconds_as(const String &s, int digits, uint32_t *r) { return SecondsArg(digits).parse(s, *r); }
bool cp_seconds(const String &s, double *r) { int64_t ns; if (!cp_time(s, &ns)) return false; *r = ns / 1e9; return true; }
bool cp_time(const String &s, Timestamp *r, bool negative) {
    int64_t ns;
    if (!cp_time(s, &ns) || (ns < 0 && !negative)) return false;
    *r = Timestamp::from_ns(ns);
    return true;
}
bool cp_time(const String &s, struct timeval *r) { Timestamp t; if (!cp_time(s, &t)) return false; *r = t.timeval(); return true; }

bool cp_bandwidth(const String &str, uint32_t *result) {
    // number, optional prefix, "bps" or "Bps" (or b, B, "/s" for "ps"); a bare number is bytes
    const char *e = str.begin();
    while (e < str.end() && (isdigit((unsigned char) *e) || *e == '.' || *e == '+' || *e == '-' || ((*e == 'e' || *e == 'E') && e + 1 < str.end() && isdigit((unsigned char) e[1])))) ++e;
    double x;
    String unit = str.substring(e, str.end()).trim_space();
    if (!cp_double(str.substring(str.begin(), e).trim_space(), &x) || x < 0) return false;
    if (unit) {
        const char *u = unit.begin(), *end = unit.end();
        double scale = 1;
        switch (*u) {
        case 'k': case 'K': scale = 1e3; ++u; break;
        case 'M': case 'm': scale = 1e6; ++u; break;
        case 'G': case 'g': scale = 1e9; ++u; break;
        }
        if (u < end && *u == 'i') { scale = scale == 1e3 ? 1024. : scale == 1e6 ? 1048576. : scale == 1e9 ? 1073741824. : 0; ++u; }
        String rest(u, end);
        bool bits = rest == "bps" || rest == "b/s" || rest == "baud" || rest == "bits/s" || rest == "b";
        if (!scale || (!bits && rest && rest != "Bps" && rest != "B/s" && rest != "bytes/s" && rest != "B")) return false;
        x *= scale / (bits ? 8 : 1);
    }
    if (x > 4294967295.) return false;
    *result = (uint32_t) (x + 0.5);
    return true;
}
String cp_unparse_bandwidth(uint32_t bytes) {
    uint64_t bits = uint64_t(bytes) * 8;
    static const struct { uint64_t unit; const char *name; } units[] = {{1000000000, "Gbps"}, {1000000, "Mbps"}, {1000, "kbps"}, {1, "bps"}};
    for (const auto &u : units)
        if (bits >= u.unit || u.unit == 1) {
            StringAccum sa;
            sa.snprintf(40, "%.9g%s", (double) bits / u.unit, u.name);
            return sa.take_string();
        }
    return String();
}

// ---- Addresses in other shapes

bool cp_ip_address(const String &s, struct in_addr *r, const Element *e) { IPAddress a; if (!cp_ip_address(s, &a, e)) return false; *r = a.in_addr(); return true; }
bool cp_ip_address(const String &s, unsigned char *r, const Element *e) { IPAddress a; if (!cp_ip_address(s, &a, e)) return false; memcpy(r, a.data(), 4); return true; }
bool cp_ip_address_list(const String &s, Vector<IPAddress> *r, const Element *e) {
    Vector<String> words;
    cp_spacevec(s, words);
    Vector<IPAddress> list;
    for (const String &w : words) {
        IPAddress a;
        if (!cp_ip_address(w, &a, e)) return false;
        list.push_back(a);
    }
    r->swap(list);
    return true;
}
bool cp_ip_prefix(const String &s, unsigned char *addr, unsigned char *mask, bool bare, const Element *e) {
    IPAddress a, m;
    if (!cp_ip_prefix(s, &a, &m, bare, e)) return false;
    memcpy(addr, a.data(), 4), memcpy(mask, m.data(), 4);
    return true;
}
bool cp_ethernet_address(const String &s, unsigned char *r, const Element *e) { EtherAddress a; if (!cp_ethernet_address(s, &a, e)) return false; memcpy(r, a.data(), 6); return true; }
bool cp_ip6_address(const String &s, IP6Address *r, const Element *e) { return IP6AddressArg::parse(s, *r, ArgContext(e)); }
bool cp_ip6_address(const String &s, struct in6_addr *r, const Element *e) { return IP6AddressArg::parse(s, *r, ArgContext(e)); }
bool cp_ip6_address(const String &s, unsigned char *r, const Element *e) { IP6Address a; if (!cp_ip6_address(s, &a, e)) return false; memcpy(r, a.data(), 16); return true; }
bool cp_ip6_prefix(const String &s, IP6Address *a, int *len, bool bare, const Element *e) { return IP6PrefixArg(bare).parse(s, *a, *len, ArgContext(e)); }
bool cp_ip6_prefix(const String &s, IP6Address *a, IP6Address *m, bool bare, const Element *e) { return IP6PrefixArg(bare).parse(s, *a, *m, ArgContext(e)); }
bool cp_ip6_prefix(const String &s, unsigned char *addr, unsigned char *mask, bool bare, const Element *e) {
    IP6Address a, m;
    if (!cp_ip6_prefix(s, &a, &m, bare, e)) return false;
    memcpy(addr, a.data(), 16), memcpy(mask, m.data(), 16);
    return true;
}
bool cp_tcpudp_port(const String &s, int proto, uint16_t *r, const Element *e) { return IPPortArg(proto).parse(s, *r, ArgContext(e)); }
bool cp_filename(const String &s, String *r) { return FilenameArg::parse(s, *r); }
bool cp_file_offset(const String &s, off_t *r) { uint64_t x; if (!cp_integer(s, &x) || (off_t) x < 0) return false; *r = (off_t) x; return true; }
bool cp_anno(const String &s, int size, int *r, const Element *e) { return AnnoArg(size).parse(s, *r, ArgContext(e)); }

// ---- Elements and handlers

Element *cp_element(const String &s, const Element *context, ErrorHandler *errh, const char *) {
    String name = cp_unquote(s);
    Element *e = context && context->router() ? context->router()->find(name, context) : nullptr;
    if (!e && errh) errh->error("no element named %<%s%>", name.c_str());
    return e;
}
bool cp_handler_name(const String &s, Element **e, String *hname, const Element *context, ErrorHandler *errh) {
    String text = cp_unquote(s);
    int dot = text.find_right('.');
    Element *found = context && context->router() ? context->router()->root_element() : nullptr;
    if (dot > 0) found = cp_element(text.substring(0, dot), context, errh);
    if (!found || dot == text.length() - 1) {
        if (errh && found) errh->error("bad handler name");
        return false;
    }
    *e = found, *hname = text.substring(dot + 1);
    return true;
}
bool cp_handler(const String &s, int flags, Element **e, const Handler **h, const Element *context, ErrorHandler *errh) {
    HandlerCall call(cp_unquote(s));
    if (call.initialize(flags, context, errh) < 0) return false;
    *e = call.element(), *h = call.handler();
    return true;
}

CLICK_ENDDECLS
