// String: the less usual forms of text.
#include <click/config.h>
#include <click/straccum.hh>
CLICK_DECLS

char *String::append_uninitialized(int len) {
    int before = _length;
    if (len > 0) {
        String zeros = make_fill(0, len);
        append(zeros._data, len);
    }
    return mutable_data() + before;
}

String String::printable() const {
    StringAccum sa;
    for (unsigned char c : *this)
        if (c >= 32 && c < 127) sa << (char) c;
        else sa.snprintf(5, "\\%03o", c);
    return sa.take_string();
}

String String::quoted_hex() const {
    StringAccum sa;
    sa << "\\<";
    for (unsigned char c : *this) sa.snprintf(2, "%02X", c);
    sa << '>';
    return sa.take_string();
}

String String::encode_json() const {
    StringAccum sa;
    for (unsigned char c : *this)
        switch (c) {
        case '"': sa << "\\\""; break;
        case '\\': sa << "\\\\"; break;
        case '/': sa << "\\/"; break;
        case '\b': sa << "\\b"; break;
        case '\f': sa << "\\f"; break;
        case '\n': sa << "\\n"; break;
        case '\r': sa << "\\r"; break;
        case '\t': sa << "\\t"; break;
        default:
            if (c < 32) sa.snprintf(6, "\\u%04X", c);
            else sa << (char) c;
        }
    return sa.take_string();
}

const char *String::skip_utf8_char(const char *first, const char *last) {
    if (first == last) return first;
    const unsigned char *s = (const unsigned char *) first;
    int n = *s < 0x80 ? 1 : *s >= 0xC2 && *s < 0xE0 ? 2 : *s >= 0xE0 && *s < 0xF0 ? 3 : *s >= 0xF0 && *s < 0xF5 ? 4 : 0;
    if (!n || last - first < n) return first;
    for (int i = 1; i < n; ++i)
        if ((s[i] & 0xC0) != 0x80) return first;
    // Not the shortest form, a surrogate, or past the last code point
    if ((*s == 0xE0 && s[1] < 0xA0) || (*s == 0xED && s[1] > 0x9F) || (*s == 0xF0 && s[1] < 0x90) || (*s == 0xF4 && s[1] > 0x8F)) return first;
    return first + n;
}

bool StringAccum::append_utf8(int c) {
    if (c < 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return false;
    if (c < 0x80) append((char) c);
    else if (c < 0x800) *this << (char) (0xC0 | c >> 6) << (char) (0x80 | (c & 63));
    else if (c < 0x10000) *this << (char) (0xE0 | c >> 12) << (char) (0x80 | (c >> 6 & 63)) << (char) (0x80 | (c & 63));
    else *this << (char) (0xF0 | c >> 18) << (char) (0x80 | (c >> 12 & 63)) << (char) (0x80 | (c >> 6 & 63)) << (char) (0x80 | (c & 63));
    return true;
}

/** One pattern character at @a p (a character, `?`, `\\x`, `[...]`) against @a c; @a p is moved behind it. */
static bool match_one(const char *&p, const char *end, char c) {
    if (*p == '?') return ++p, true;
    if (*p == '\\' && p + 1 < end) return p += 2, p[-1] == c;
    if (*p != '[') return *p++ == c;
    const char *s = p + 1;
    bool negate = s < end && (*s == '^' || *s == '!'), found = false;
    if (negate) ++s;
    for (const char *first = s; s < end && (*s != ']' || s == first); )
        if (s + 2 < end && s[1] == '-' && s[2] != ']') found |= (unsigned char) c >= (unsigned char) *s && (unsigned char) c <= (unsigned char) s[2], s += 3;
        else found |= *s++ == c;
    if (s == end) return *p++ == c;     // an unclosed bracket stands for itself
    p = s + 1;
    return found != negate;
}

bool String::glob_match(const String &pattern) const {
    const char *s = begin(), *send = end(), *p = pattern.begin(), *pend = pattern.end(), *star = nullptr, *from = nullptr;
    for (;;) {
        if (p < pend && *p == '*') { star = ++p, from = s; continue; }
        if (s == send && p == pend) return true;
        if (s < send && p < pend && match_one(p, pend, *s)) { ++s; continue; }
        if (!star || from == send) return false;
        s = ++from, p = star;           // let the last star take one more
    }
}

CLICK_ENDDECLS
