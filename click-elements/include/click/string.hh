// String: an immutable, reference-counted byte string. Substrings share their parent's memory; appending
// to the string that ends where the memory's used part ends grows it in place.
#ifndef CLICK_STRING_HH
#define CLICK_STRING_HH
#include <click/glue.hh>
CLICK_DECLS

class String { public:
    typedef const char *const_iterator;
    typedef const_iterator iterator;
    typedef long intmax_t;
    typedef unsigned long uintmax_t;
    typedef intmax_t int_large_t;
    typedef uintmax_t uint_large_t;

    String() : _data(""), _length(0), _memo(nullptr) {}
    String(const String &x) : _data(x._data), _length(x._length), _memo(x._memo) { ref(); }
    String(String &&x) noexcept : _data(x._data), _length(x._length), _memo(x._memo) { x.forget(); }
    String(const char *s) { assign(s, s ? (int) strlen(s) : 0); }
    String(const char *s, int len) { assign(s, len < 0 ? (int) strlen(s) : len); }
    String(const unsigned char *s, int len) { assign((const char *) s, len); }
    String(const char *first, const char *last) { assign(first, last > first ? (int) (last - first) : 0); }
    String(const unsigned char *first, const unsigned char *last) : String((const char *) first, (const char *) last) {}
    explicit String(bool b) : String(b ? "true" : "false") {}
    explicit String(char c) { assign(&c, 1); }
    explicit String(unsigned char c) { assign((char *) &c, 1); }
    explicit String(int);
    explicit String(unsigned);
    explicit String(long);
    explicit String(unsigned long);
    explicit String(long long);
    explicit String(unsigned long long);
    explicit String(double);
    ~String() { deref(); }

    static const String &make_empty();
    static String make_uninitialized(int len);
    static String make_garbage(int len) { return make_uninitialized(len); }
    static String make_fill(int c, int len);
    /** Refers to @a s for ever instead of copying it: for literals only. */
    static String make_stable(const char *s) { return make_stable(s, (int) strlen(s)); }
    static String make_stable(const char *s, int len);
    static String make_stable(const char *first, const char *last) { return make_stable(first, (int) (last - first)); }
    /** Takes over @a s, of @a capacity bytes from malloc(). */
    static String make_claim(char *s, int len, int capacity);
    static String make_numeric(long long x, int base = 10, bool uppercase = true);
    static String make_numeric(unsigned long long x, int base = 10, bool uppercase = true);
    static String make_numeric(int x, int base = 10, bool upper = true) { return make_numeric((long long) x, base, upper); }
    static String make_numeric(unsigned x, int base = 10, bool upper = true) { return make_numeric((unsigned long long) x, base, upper); }
    static String make_numeric(long x, int base = 10, bool upper = true) { return make_numeric((long long) x, base, upper); }
    static String make_numeric(unsigned long x, int base = 10, bool upper = true) { return make_numeric((unsigned long long) x, base, upper); }
    /** Lack of memory ends the process, so that no string is ever one that says so. */
    static const String &make_out_of_memory() { return make_empty(); }
    bool out_of_memory() const { return false; }

    const char *data() const { return _data; }
    int length() const { return _length; }
    int size() const { return _length; }
    bool empty() const { return !_length; }
    explicit operator bool() const { return _length != 0; }
    bool operator!() const { return !_length; }
    const_iterator begin() const { return _data; }
    const_iterator end() const { return _data + _length; }
    char operator[](int i) const { return _data[i]; }
    char at(int i) const { return _data[i]; }
    char front() const { return _data[0]; }
    char back() const { return _data[_length - 1]; }
    const char *c_str() const;
    char *mutable_data();
    char *mutable_c_str() { char *d = mutable_data(); c_str(); return d; }

    String substring(const char *first, const char *last) const;
    String substring(int pos, int len) const;
    String substring(int pos) const { return substring(pos, _length); }
    String trim_space() const;
    /** Every byte that is not printable ASCII as a question mark or an escape. */
    String printable() const;
    /** As `\\<68656C6C6F>`. */
    String quoted_hex() const;
    String encode_json() const;
    String compact() const { return String(_data, _length); }
    String unshared() const { return String(_data, _length); }
    String unique() const { return unshared(); }
    bool is_shared() const { return _memo && _memo->refs > 1; }
    bool is_stable() const { return !_memo; }
    /** Does the whole string match a pattern of `*`, `?`, `[...]` and backslashes? */
    bool glob_match(const String &pattern) const;
    void swap(String &x) { std::swap(_data, x._data), std::swap(_length, x._length), std::swap(_memo, x._memo); }
    String lower() const;
    String upper() const;
    int find_left(char c, int start = 0) const;
    int find_left(const String &s, int start = 0) const;
    int find_right(char c, int start = INT_MAX) const;
    bool equals(const char *s, int len) const { return len == _length && memcmp(s, _data, len) == 0; }
    bool starts_with(const String &s) const { return starts_with(s._data, s._length); }
    bool starts_with(const char *s, int len) const { return _length >= len && memcmp(s, _data, len) == 0; }
    bool ends_with(const String &s) const { return _length >= s._length && memcmp(end() - s._length, s._data, s._length) == 0; }
    bool equals(const String &x) const { return equals(x._data, x._length); }
    int compare(const String &x) const { return compare(x._data, x._length); }
    int compare(const char *s, int len) const;
    static int compare(const String &a, const String &b) { return a.compare(b); }
    hashcode_t hashcode() const { return hashcode(_data, _data + _length); }
    static hashcode_t hashcode(const char *first, const char *last);
    static hashcode_t hashcode(const unsigned char *first, const unsigned char *last) { return hashcode((const char *) first, (const char *) last); }
    /** Past the UTF-8 character at @a first, which stays if there is none. */
    static const char *skip_utf8_char(const char *first, const char *last);
    static const unsigned char *skip_utf8_char(const unsigned char *f, const unsigned char *l) { return (const unsigned char *) skip_utf8_char((const char *) f, (const char *) l); }

    String &operator=(const String &x) { if (&x != this) { deref(); _data = x._data, _length = x._length, _memo = x._memo; ref(); } return *this; }
    String &operator=(String &&x) noexcept { std::swap(_data, x._data), std::swap(_length, x._length), std::swap(_memo, x._memo); return *this; }
    void append(const char *s, int len);
    void append(const char *s) { append(s, (int) strlen(s)); }
    void append(const char *first, const char *last) { append(first, (int) (last - first)); }
    void append(const String &x) { append(x._data, x._length); }
    void append(char c) { append(&c, 1); }
    void append_fill(int c, int len) { memset(append_uninitialized(len), c, len > 0 ? len : 0); }
    /** Longer by @a len bytes, to be written at the pointer returned. */
    char *append_uninitialized(int len);
    char *append_garbage(int len) { return append_uninitialized(len); }
    String &operator+=(const String &x) { append(x._data, x._length); return *this; }
    String &operator+=(const char *x) { append(x); return *this; }
    String &operator=(const char *x) { return *this = String(x); }
    String &operator+=(char x) { append(&x, 1); return *this; }
    void clear() { *this = String(); }

  private:
    struct Memo { uint32_t refs, capacity, dirty; char data[1]; };
    mutable const char *_data;
    int _length;
    mutable Memo *_memo;

    void ref() const { if (_memo) ++_memo->refs; }
    void deref() const { if (_memo && --_memo->refs == 0) free(_memo); }
    void forget() { _data = "", _length = 0, _memo = nullptr; }
    void assign(const char *s, int len);
    static Memo *make_memo(int capacity, int dirty);
};

/** Text that somebody else keeps; good as an argument only. */
class StringRef { public:
    StringRef() : _data(""), _length(0) {}
    StringRef(const String &s) : _data(s.data()), _length(s.length()) {}
    StringRef(const char *s) : _data(s), _length((int) strlen(s)) {}
    StringRef(const char *s, int len) : _data(s), _length(len) {}
    const char *data() const { return _data; }
    const char *begin() const { return _data; }
    const char *end() const { return _data + _length; }
    int length() const { return _length; }
    bool empty() const { return !_length; }
    operator String() const { return String(_data, _length); }
  private:
    const char *_data;
    int _length;
};
inline bool operator==(const StringRef &a, const StringRef &b) { return a.length() == b.length() && memcmp(a.data(), b.data(), a.length()) == 0; }

inline bool operator==(const String &a, const String &b) { return a.equals(b.data(), b.length()); }
inline bool operator==(const String &a, const char *b) { return a.equals(b, (int) strlen(b)); }
inline bool operator==(const char *a, const String &b) { return b == a; }
template <typename T> inline bool operator!=(const String &a, const T &b) { return !(a == b); }
inline bool operator!=(const char *a, const String &b) { return !(b == a); }
inline bool operator<(const String &a, const String &b) { return a.compare(b) < 0; }
inline bool operator>(const String &a, const String &b) { return a.compare(b) > 0; }
inline bool operator<=(const String &a, const String &b) { return a.compare(b) <= 0; }
inline bool operator>=(const String &a, const String &b) { return a.compare(b) >= 0; }
inline void click_swap(String &a, String &b) { a.swap(b); }
inline void assign_consume(String &a, String &b) { a.swap(b); }
/** Where @a c is first, or the end. */
inline const char *find(const String &s, char c) { int i = s.find_left(c); return i < 0 ? s.end() : s.begin() + i; }
/** For qsort(): two Strings. */
inline int click_strcmp(const String &a, const String &b) { return a.compare(b); }
inline String operator+(String a, const String &b) { a += b; return a; }
inline String operator+(String a, const char *b) { a += b; return a; }
inline String operator+(const char *a, const String &b) { String s(a); s += b; return s; }
inline String operator+(String a, char b) { a += b; return a; }

CLICK_ENDDECLS
#endif
