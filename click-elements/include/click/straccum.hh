// StringAccum: builds a String piece by piece.
#ifndef CLICK_STRACCUM_HH
#define CLICK_STRACCUM_HH
#include <click/string.hh>
CLICK_DECLS

class StringAccum { public:
    StringAccum() {}
    explicit StringAccum(int) {}
    explicit StringAccum(const String &s) : _s(s) {}
    int length() const { return _s.length(); }
    bool empty() const { return _s.empty(); }
    explicit operator bool() const { return !empty(); }
    const char *data() const { return _s.data(); }
    char *data() { return _s.mutable_data(); }
    const char *begin() const { return _s.begin(); }
    const char *end() const { return _s.end(); }
    const char *c_str() { return _s.c_str(); }
    char operator[](int i) const { return _s[i]; }
    char back() const { return _s.back(); }
    void append(char c) { _s.append(c); }
    void append(const char *s, int len) { _s.append(s, len); }
    void append(const unsigned char *s, int len) { _s.append((const char *) s, len); }
    void append(const char *first, const char *last) { _s.append(first, last); }
    void append_fill(int c, int len) { while (len-- > 0) _s.append((char) c); }
    void pop_back(int n = 1) { _s = _s.substring(0, _s.length() - n); }
    void clear() { _s.clear(); }
    void reserve(int) {}
    StringAccum &snprintf(int n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
    String take_string() { String s = std::move(_s); _s = String(); return s; }

  private:
    String _s;
};

inline StringAccum &operator<<(StringAccum &sa, const String &s) { sa.append(s.data(), s.length()); return sa; }
inline StringAccum &operator<<(StringAccum &sa, const char *s) { sa.append(s, (int) strlen(s)); return sa; }
inline StringAccum &operator<<(StringAccum &sa, char c) { sa.append(c); return sa; }
inline StringAccum &operator<<(StringAccum &sa, unsigned char c) { sa.append((char) c); return sa; }
inline StringAccum &operator<<(StringAccum &sa, bool b) { return sa << (b ? "true" : "false"); }
inline StringAccum &operator<<(StringAccum &sa, int x) { return sa.snprintf(16, "%d", x); }
inline StringAccum &operator<<(StringAccum &sa, unsigned x) { return sa.snprintf(16, "%u", x); }
inline StringAccum &operator<<(StringAccum &sa, long x) { return sa.snprintf(24, "%ld", x); }
inline StringAccum &operator<<(StringAccum &sa, unsigned long x) { return sa.snprintf(24, "%lu", x); }
inline StringAccum &operator<<(StringAccum &sa, long long x) { return sa.snprintf(24, "%lld", x); }
inline StringAccum &operator<<(StringAccum &sa, unsigned long long x) { return sa.snprintf(24, "%llu", x); }
inline StringAccum &operator<<(StringAccum &sa, double x) { return sa.snprintf(64, "%.12g", x); }

CLICK_ENDDECLS
#endif
