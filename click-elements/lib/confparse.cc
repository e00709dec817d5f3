// Configuration text: see confparse.hh.
#include <click/config.h>
#include <click/confparse.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
CLICK_DECLS

static bool space(char c) { return isspace((unsigned char) c); }
static bool comment_at(const char *s, const char *end) { return s + 1 < end && *s == '/' && (s[1] == '/' || s[1] == '*'); }

const char *cp_skip_comment(const char *s, const char *end) {
    if (s[1] == '/') {
        while (s < end && *s != '\n' && *s != '\r') ++s;
        return s;
    }
    for (s += 2; s + 1 < end; ++s)
        if (*s == '*' && s[1] == '/') return s + 2;
    return end;
}

const char *cp_skip_space(const char *s, const char *end) {
    while (s < end && space(*s)) ++s;
    return s;
}

/** Past the quoted text starting at @a s, which is at a quote. */
static const char *skip_quote(const char *s, const char *end) {
    char q = *s++;
    for (; s < end && *s != q; ++s)
        if (*s == '\\' && q == '"' && s + 1 < end) ++s;
    return s < end ? s + 1 : end;
}

/** Past the hex bytes of `\<...>`, if that is what stands here. */
static const char *skip_hex(const char *s, const char *end) {
    const char *e = s + 2;
    while (e < end && *e != '>') ++e;
    return e < end ? e + 1 : end;
}

String cp_uncomment(const String &str) {
    StringAccum sa;
    const char *s = str.begin(), *end = str.end();
    bool pending = false;
    while (s < end) {
        if (space(*s)) ++s, pending = true;
        else if (comment_at(s, end)) s = cp_skip_comment(s, end), pending = true;
        else {
            if (pending && !sa.empty()) sa << ' ';
            pending = false;
            const char *e = *s == '"' || *s == '\'' ? skip_quote(s, end) : *s == '\\' && s + 1 < end && s[1] == '<' ? skip_hex(s, end) : s + 1;
            sa.append(s, e);
            s = e;
        }
    }
    return sa.take_string();
}

static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/** One escape at @a s (a backslash); returns where it ends. */
static const char *unescape(const char *s, const char *end, StringAccum &sa) {
    if (s + 1 >= end) {
        sa << '\\';
        return end;
    }
    switch (s[1]) {
    case 'a': sa << '\a'; return s + 2;
    case 'b': sa << '\b'; return s + 2;
    case 'f': sa << '\f'; return s + 2;
    case 'n': sa << '\n'; return s + 2;
    case 'r': sa << '\r'; return s + 2;
    case 't': sa << '\t'; return s + 2;
    case 'v': sa << '\v'; return s + 2;
    case '\n': return s + 2;
    case '\r': return s + 2 < end && s[2] == '\n' ? s + 3 : s + 2;
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': {
        int c = 0, n = 0;
        for (s += 1; s < end && n < 3 && *s >= '0' && *s <= '7'; ++s, ++n) c = c * 8 + *s - '0';
        sa << (char) c;
        return s;
    }
    case 'x': {
        unsigned c = 0;         // any number of digits; the last two count
        for (s += 2; s < end && hex_digit(*s) >= 0; ++s) c = c * 16 + hex_digit(*s);
        sa << (char) c;
        return s;
    }
    case '<': {
        int c = 0, n = 0;
        for (s += 2; s < end && *s != '>'; ++s) {
            if (comment_at(s, end)) { s = cp_skip_comment(s, end) - 1; continue; }
            int d = hex_digit(*s);
            if (d < 0) continue;
            c = c * 16 + d;
            if (++n == 2) sa << (char) c, n = c = 0;
        }
        return s < end ? s + 1 : end;
    }
    default: sa << s[1]; return s + 2;
    }
}

String cp_unquote(const String &str) {
    StringAccum sa;
    String clean = cp_uncomment(str);
    const char *s = clean.begin(), *end = clean.end();
    while (s < end) {
        if (*s == '\'') {
            const char *e = skip_quote(s, end);
            sa.append(s + 1, e > s + 1 && e[-1] == '\'' ? e - 1 : e);
            s = e;
        } else if (*s == '"') {
            for (++s; s < end && *s != '"'; )
                if (*s == '\\') s = unescape(s, end, sa);
                else sa << *s++;
            if (s < end) ++s;
        } else if (*s == '\\' && s + 1 < end && s[1] == '<')
            s = unescape(s, end, sa);
        else
            sa << *s++;
    }
    return sa.take_string();
}

String cp_quote(const String &str, bool allow_newlines) {
    StringAccum sa;
    sa << '"';
    for (char c : str)
        if (c == '"' || c == '\\' || c == '$') sa << '\\' << c;
        else if (c == '\n' && !allow_newlines) sa << "\\n";
        else if (c == '\t') sa << "\\t";
        else if (c == '\r') sa << "\\r";
        else if ((unsigned char) c < 32 || (unsigned char) c > 126) { if (c == '\n') sa << c; else sa.snprintf(8, "\\%03o", (unsigned char) c); }
        else sa << c;
    sa << '"';
    return sa.take_string();
}

/** Up to the next top-level @a stop (or space, if @a stop is a space). */
static const char *scan(const char *s, const char *end, char stop) {
    while (s < end) {
        if (stop == ' ' ? space(*s) : *s == stop) return s;
        if (*s == '"' || *s == '\'') s = skip_quote(s, end);
        else if (*s == '\\' && s + 1 < end && s[1] == '<') s = skip_hex(s, end);
        else if (comment_at(s, end)) { if (stop == ' ') return s; s = cp_skip_comment(s, end); }
        else if (stop == ',' && (*s == '(' || *s == '[' || *s == '{')) {
            int depth = 0;
            for (; s < end; ) {
                if (*s == '"' || *s == '\'') { s = skip_quote(s, end); continue; }
                depth += (*s == '(' || *s == '[' || *s == '{') - (*s == ')' || *s == ']' || *s == '}');
                ++s;
                if (!depth) break;
            }
        } else ++s;
    }
    return end;
}

void cp_argvec(const String &conf, Vector<String> &out) {
    const char *s = conf.begin(), *end = conf.end();
    bool more = true;
    while (more) {
        const char *e = scan(s, end, ',');
        more = e < end;
        String arg = cp_uncomment(conf.substring(s, e));
        if (arg || more) out.push_back(arg);
        s = e + 1;
    }
}

String cp_unargvec(const Vector<String> &args) {
    StringAccum sa;
    for (int i = 0; i < args.size(); ++i)
        sa << (i ? ", " : "") << args[i];
    return sa.take_string();
}

String cp_shift_spacevec(String &str) {
    const char *s = str.begin(), *end = str.end();
    while (s < end && (space(*s) || comment_at(s, end)))
        s = space(*s) ? s + 1 : cp_skip_comment(s, end);
    const char *e = scan(s, end, ' ');
    String word = str.substring(s, e);
    while (e < end && (space(*e) || comment_at(e, end)))
        e = space(*e) ? e + 1 : cp_skip_comment(e, end);
    str = str.substring(e, end);
    return word;
}

String cp_shift_spacevec(String &str, bool unquote) { String w = cp_shift_spacevec(str); return unquote ? cp_unquote(w) : w; }

void cp_spacevec(const String &str, Vector<String> &out) {
    String rest = str, word;
    while ((word = cp_shift_spacevec(rest)))
        out.push_back(word);
}

String cp_unspacevec(const Vector<String> &words) {
    StringAccum sa;
    for (int i = 0; i < words.size(); ++i)
        sa << (i ? " " : "") << words[i];
    return sa.take_string();
}

bool cp_is_space(const String &s) { return cp_skip_space(s.begin(), s.end()) == s.end(); }
bool cp_is_word(const String &s) {
    for (char c : s)
        if (space(c) || c == '"' || c == '\'' || c == '\\' || c == ',' || (unsigned char) c < 33 || (unsigned char) c > 126) return false;
    return s.length() > 0;
}
bool cp_is_click_id(const String &s) {
    bool digits = true;
    int start = 0;
    for (int i = 0; i <= s.length(); ++i)
        if (i == s.length() || s[i] == '/') {
            if (i == start || digits) return false;
            start = i + 1, digits = true;
        } else if (isalnum((unsigned char) s[i]) || s[i] == '_' || s[i] == '@') digits &= isdigit((unsigned char) s[i]) != 0;
        else return false;
    return true;
}

bool cp_string(const String &str, String *result, String *rest) {
    if (!rest) {
        if (!str) return false;
        *result = cp_unquote(str);
        return true;
    }
    *rest = str;
    String word = cp_shift_spacevec(*rest);
    *result = cp_unquote(word);
    return word.length() > 0;
}
bool cp_word(const String &str, String *result, String *rest) {
    String r, w;
    if (!cp_string(str, &w, rest ? rest : &r) || (!rest && r) || !cp_is_word(w)) return false;
    *result = w;
    return true;
}
bool cp_keyword(const String &str, String *result, String *rest) { return cp_word(str, result, rest); }

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
    if (!cp_ip_address(s.substring(0, slash), &a)) return false;
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
