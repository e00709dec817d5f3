// Configuration text: see confparse.hh.
#include <click/config.h>
#include <click/confparse.hh>
#include <click/straccum.hh>
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

const char *cp_skip_comment_space(const char *s, const char *end) {
    while (s < end && (space(*s) || comment_at(s, end))) s = space(*s) ? s + 1 : cp_skip_comment(s, end);
    return s;
}
bool cp_eat_space(String &s) {
    const char *b = cp_skip_space(s.begin(), s.end());
    bool any = b != s.begin();
    s = s.substring(b, s.end());
    return any;
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

const char *cp_skip_double_quote(const char *s, const char *end) { return skip_quote(s, end); }

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

const char *cp_process_backslash(const char *s, const char *end, StringAccum &sa) { return unescape(s, end, sa); }

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

String cp_unspacevec(const String *begin, const String *end) {
    StringAccum sa;
    for (const String *s = begin; s < end; ++s)
        sa << (s > begin ? " " : "") << *s;
    return sa.take_string();
}
String cp_unspacevec(const Vector<String> &words) { return cp_unspacevec(words.begin(), words.end()); }

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

CLICK_ENDDECLS
