// String and StringAccum.
#include <click/config.h>
#include <click/straccum.hh>
#include <stddef.h>
CLICK_DECLS

String::Memo *String::make_memo(int capacity, int dirty) {
    Memo *m = (Memo *) malloc(offsetof(Memo, data) + capacity);
    if (!m)
        abort();
    m->refs = 1, m->capacity = capacity, m->dirty = dirty;
    return m;
}

void String::assign(const char *s, int len) {
    if (len <= 0) {
        forget();
        return;
    }
    _memo = make_memo(len + 1, len);
    memcpy(_memo->data, s, len);
    _data = _memo->data, _length = len;
}

#define CLICK_STRING_FROM(T, fmt) String::String(T x) { char b[64]; assign(b, ::snprintf(b, sizeof b, fmt, x)); }
CLICK_STRING_FROM(int, "%d")
CLICK_STRING_FROM(unsigned, "%u")
CLICK_STRING_FROM(long, "%ld")
CLICK_STRING_FROM(unsigned long, "%lu")
CLICK_STRING_FROM(long long, "%lld")
CLICK_STRING_FROM(unsigned long long, "%llu")
CLICK_STRING_FROM(double, "%.12g")

const String &String::make_empty() {
    static const String empty;
    return empty;
}

String String::make_uninitialized(int len) {
    String s;
    if (len > 0) {
        s._memo = make_memo(len + 1, len);
        s._data = s._memo->data, s._length = len;
    }
    return s;
}

String String::make_fill(int c, int len) {
    String s = make_uninitialized(len);
    if (len > 0)
        memset(s._memo->data, c, len);
    return s;
}

String String::make_stable(const char *text, int len) {
    String s;
    s._data = text, s._length = len;
    return s;
}

static String unparse_number(unsigned long long x, bool negative, int base, bool uppercase) {
    char b[72], *e = b + sizeof b, *p = e;
    const char *digits = uppercase ? "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" : "0123456789abcdefghijklmnopqrstuvwxyz";
    if (base < 2 || base > 36) base = 10;
    do *--p = digits[x % base];
    while (x /= base);
    if (negative) *--p = '-';
    return String(p, e);
}
String String::make_numeric(long long x, int base, bool uppercase) { return unparse_number(x < 0 ? -(unsigned long long) x : x, x < 0, base, uppercase); }
String String::make_numeric(unsigned long long x, int base, bool uppercase) { return unparse_number(x, false, base, uppercase); }

String String::make_claim(char *text, int len, int) {
    String s(text, len);
    free(text);
    return s;
}

const char *String::c_str() const {
    if (!_memo && !_data[_length])
        return _data;
    if (_memo) {
        uint32_t end = (uint32_t) (_data - _memo->data) + _length;
        if (end < _memo->capacity && (end == _memo->dirty || _memo->data[end] == '\0')) {
            _memo->data[end] = '\0';      // beyond the used part: nobody else's byte
            return _data;
        }
    }
    Memo *m = make_memo(_length + 1, _length);
    memcpy(m->data, _data, _length);
    m->data[_length] = '\0';
    deref();
    _memo = m, _data = m->data;
    return _data;
}

char *String::mutable_data() {
    if (_length && (!_memo || _memo->refs > 1)) {
        String copy(_data, _length);
        *this = std::move(copy);
    }
    return const_cast<char *>(_data);
}

void String::append(const char *s, int len) {
    if (len <= 0)
        return;
    if (_memo) {
        uint32_t end = (uint32_t) (_data - _memo->data) + _length;
        if (end == _memo->dirty && end + len < _memo->capacity) {
            memmove(_memo->data + end, s, len);
            _memo->dirty += len, _length += len;
            return;
        }
    }
    int capacity = (_length + len) * 2 + 16;
    Memo *m = make_memo(capacity, _length + len);
    memcpy(m->data, _data, _length);
    memcpy(m->data + _length, s, len);
    deref();
    _memo = m, _data = m->data, _length += len;
}

String String::substring(const char *first, const char *last) const {
    String s;
    if (first < last && first >= _data && last <= _data + _length) {
        s._data = first, s._length = (int) (last - first), s._memo = _memo;
        ref();
    }
    return s;
}

String String::substring(int pos, int len) const {
    if (pos < 0)
        pos += _length;
    if (pos < 0 || pos >= _length)
        return String();
    int end = len < 0 ? _length + len : len > _length - pos ? _length : pos + len;
    return substring(_data + pos, _data + end);
}

String String::trim_space() const {
    const char *b = begin(), *e = end();
    while (b < e && isspace((unsigned char) *b)) ++b;
    while (b < e && isspace((unsigned char) e[-1])) --e;
    return substring(b, e);
}

String String::lower() const {
    String s(_data, _length);
    for (char *d = s.mutable_data(), *e = d + _length; d < e; ++d) *d = tolower((unsigned char) *d);
    return s;
}

String String::upper() const {
    String s(_data, _length);
    for (char *d = s.mutable_data(), *e = d + _length; d < e; ++d) *d = toupper((unsigned char) *d);
    return s;
}

int String::find_left(char c, int start) const {
    for (int i = start < 0 ? 0 : start; i < _length; ++i)
        if (_data[i] == c) return i;
    return -1;
}

int String::find_left(const String &s, int start) const {
    for (int i = start < 0 ? 0 : start; i + s._length <= _length; ++i)
        if (memcmp(_data + i, s._data, s._length) == 0) return i;
    return -1;
}

int String::find_right(char c, int start) const {
    for (int i = start >= _length ? _length - 1 : start; i >= 0; --i)
        if (_data[i] == c) return i;
    return -1;
}

int String::compare(const char *s, int len) const {
    int n = _length < len ? _length : len, c = memcmp(_data, s, n);
    return c ? c : _length - len;
}

hashcode_t String::hashcode(const char *s, const char *last) {
    uint32_t h = 2166136261U;
    for (; s < last; ++s)
        h = (h ^ (unsigned char) *s) * 16777619U;
    return h;
}

void StringAccum::grow(int n) {
    if (n > INT_MAX - 64 - _n) abort();
    int want = _n + n, cap = _cap < 64 ? 64 : _cap > INT_MAX / 2 ? INT_MAX : _cap * 2;
    if (cap < want) cap = want;
    _d = (char *) realloc(_d, cap);
    if (!_d) abort();
    _cap = cap;
}

String StringAccum::take_string() {
    String s(_d, _n);
    free(_d);
    _d = nullptr, _n = _cap = 0;
    return s;
}

StringAccum &StringAccum::snprintf(int n, const char *fmt, ...) {
    char *p = reserve(n + 1);
    va_list ap;
    va_start(ap, fmt);
    int len = vsnprintf(p, n + 1, fmt, ap);
    va_end(ap);
    _n += len < 0 ? 0 : len < n ? len : n;
    return *this;
}

StringAccum &operator<<(StringAccum &sa, unsigned long long x) {
    char b[24], *p = b + sizeof b;
    do *--p = '0' + x % 10;
    while (x /= 10);
    sa.append(p, b + sizeof b);
    return sa;
}
StringAccum &operator<<(StringAccum &sa, long long x) {
    if (x < 0) sa << '-';
    return sa << (x < 0 ? -(unsigned long long) x : (unsigned long long) x);
}

CLICK_ENDDECLS
