// StringAccum: builds a String piece by piece. Lack of memory ends the process.
#ifndef CLICK_STRACCUM_HH
#define CLICK_STRACCUM_HH
#include <click/string.hh>
CLICK_DECLS

class StringAccum { public:
    typedef char *iterator;
    typedef const char *const_iterator;
    StringAccum() {}
    explicit StringAccum(int capacity) { reserve(capacity); }
    StringAccum(const String &s) { append(s.data(), s.length()); }
    StringAccum(const StringAccum &x) { append(x._d, x._n); }
    StringAccum(StringAccum &&x) noexcept { swap(x); }
    StringAccum &operator=(const StringAccum &x) { if (&x != this) { _n = 0; append(x._d, x._n); } return *this; }
    StringAccum &operator=(StringAccum &&x) noexcept { swap(x); return *this; }
    ~StringAccum() { free(_d); }

    int length() const { return _n; }
    int capacity() const { return _cap; }
    bool empty() const { return !_n; }
    explicit operator bool() const { return _n; }
    bool operator!() const { return !_n; }
    bool out_of_memory() const { return false; }
    const char *data() const { return _d; }
    char *data() { return _d; }
    char *begin() { return _d; }
    char *end() { return _d + _n; }
    const char *begin() const { return _d; }
    const char *end() const { return _d + _n; }
    const char *c_str() { *reserve(1) = 0; return _d; }
    char operator[](int i) const { return _d[i]; }
    char &operator[](int i) { return _d[i]; }
    char front() const { return _d[0]; }
    char &front() { return _d[0]; }
    char back() const { return _d[_n - 1]; }
    char &back() { return _d[_n - 1]; }

    void append(char c) { if (_n == _cap) grow(1); _d[_n++] = c; }
    void append(unsigned char c) { append((char) c); }
    void append(const char *s) { append(s, (int) strlen(s)); }
    void append(const char *s, int len) {
        if (len < 0) len = (int) strlen(s);
        if (!len) return;
        if (_cap - _n < len) {
            if (s >= _d && s < _d + _n) { String own(s, len); append(own.data(), len); return; }
            grow(len);
        }
        memcpy(_d + _n, s, len);
        _n += len;
    }
    void append(const unsigned char *s, int len) { append((const char *) s, len); }
    void append(const char *first, const char *last) { if (last > first) append(first, (int) (last - first)); }
    void append(const unsigned char *first, const unsigned char *last) { append((const char *) first, (const char *) last); }
    void append_fill(int c, int len) { if (len > 0) memset(extend(len), c, len); }
    bool append_utf8(int ch);
    void append_numeric(long x, int base = 10, bool uppercase = true) { String s = String::make_numeric(x, base, uppercase); append(s.data(), s.length()); }
    void append_numeric(unsigned long x, int base = 10, bool uppercase = true) { String s = String::make_numeric(x, base, uppercase); append(s.data(), s.length()); }
    /** Room for @a n more bytes, at the pointer returned; the length stays. */
    char *reserve(int n) { if (_cap - _n < n) grow(n); return _d + _n; }
    /** Longer by @a n bytes, to be written at the pointer returned, with room for @a more behind them. */
    char *extend(int n, int more = 0) { char *p = reserve(n + more); _n += n; return p; }
    /** What was written behind the end after reserve() now belongs to the string; or the last bytes no longer do. */
    void adjust_length(int delta) { _n += delta; }
    void forward(int delta) { adjust_length(delta); }
    void set_length(int n) { _n = n; }
    int resize(int n) { if (n > _cap) reserve(n - _n); _n = n; return 0; }
    void pop_back(int n = 1) { _n -= n < _n ? n : _n; }
    void clear() { _n = 0; }
    StringAccum &snprintf(int n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
    String take_string();
    void swap(StringAccum &x) noexcept { std::swap(_d, x._d), std::swap(_n, x._n), std::swap(_cap, x._cap); }

  private:
    char *_d = nullptr;
    int _n = 0, _cap = 0;
    void grow(int n);
};

inline StringAccum &operator<<(StringAccum &sa, const String &s) { sa.append(s.data(), s.length()); return sa; }
inline StringAccum &operator<<(StringAccum &sa, const StringAccum &x) { sa.append(x.data(), x.length()); return sa; }
inline StringAccum &operator<<(StringAccum &sa, const char *s) { sa.append(s, (int) strlen(s)); return sa; }
inline StringAccum &operator<<(StringAccum &sa, char c) { sa.append(c); return sa; }
inline StringAccum &operator<<(StringAccum &sa, unsigned char c) { sa.append((char) c); return sa; }
inline StringAccum &operator<<(StringAccum &sa, bool b) { return sa << (b ? "true" : "false"); }
inline StringAccum &operator<<(StringAccum &sa, const void *p) { return sa.snprintf(24, "%p", p); }
StringAccum &operator<<(StringAccum &sa, long long x);
StringAccum &operator<<(StringAccum &sa, unsigned long long x);
inline StringAccum &operator<<(StringAccum &sa, long x) { return sa << (long long) x; }
inline StringAccum &operator<<(StringAccum &sa, unsigned long x) { return sa << (unsigned long long) x; }
inline StringAccum &operator<<(StringAccum &sa, short x) { return sa << (long) x; }
inline StringAccum &operator<<(StringAccum &sa, unsigned short x) { return sa << (unsigned long) x; }
inline StringAccum &operator<<(StringAccum &sa, int x) { return sa << (long) x; }
inline StringAccum &operator<<(StringAccum &sa, unsigned x) { return sa << (unsigned long) x; }
inline StringAccum &operator<<(StringAccum &sa, double x) { return sa.snprintf(64, "%.12g", x); }
inline void click_swap(StringAccum &a, StringAccum &b) { a.swap(b); }
inline void assign_consume(StringAccum &a, StringAccum &b) { a.swap(b); }

CLICK_ENDDECLS
#endif
