// String: an immutable, reference-counted byte string. Substrings share their parent's memory; appending
// to the string that ends where the memory's used part ends grows it in place.
#ifndef CLICK_STRING_HH
#define CLICK_STRING_HH
#include <click/glue.hh>
CLICK_DECLS

class String { public:
    typedef const char *const_iterator;
    typedef const_iterator iterator;

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
    static String make_numeric(long long x, int base = 10, bool uppercase = true);

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
    String lower() const;
    String upper() const;
    int find_left(char c, int start = 0) const;
    int find_left(const String &s, int start = 0) const;
    int find_right(char c, int start = INT_MAX) const;
    bool equals(const char *s, int len) const { return len == _length && memcmp(s, _data, len) == 0; }
    bool starts_with(const String &s) const { return starts_with(s._data, s._length); }
    bool starts_with(const char *s, int len) const { return _length >= len && memcmp(s, _data, len) == 0; }
    bool ends_with(const String &s) const { return _length >= s._length && memcmp(end() - s._length, s._data, s._length) == 0; }
    int compare(const String &x) const;
    hashcode_t hashcode() const;

    String &operator=(const String &x) { if (&x != this) { deref(); _data = x._data, _length = x._length, _memo = x._memo; ref(); } return *this; }
    String &operator=(String &&x) noexcept { std::swap(_data, x._data), std::swap(_length, x._length), std::swap(_memo, x._memo); return *this; }
    void append(const char *s, int len);
    void append(const char *s) { append(s, (int) strlen(s)); }
    void append(const char *first, const char *last) { append(first, (int) (last - first)); }
    void append(char c) { append(&c, 1); }
    String &operator+=(const String &x) { append(x._data, x._length); return *this; }
    String &operator+=(const char *x) { append(x); return *this; }
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

inline bool operator==(const String &a, const String &b) { return a.equals(b.data(), b.length()); }
inline bool operator==(const String &a, const char *b) { return a.equals(b, (int) strlen(b)); }
inline bool operator==(const char *a, const String &b) { return b == a; }
template <typename T> inline bool operator!=(const String &a, const T &b) { return !(a == b); }
inline bool operator!=(const char *a, const String &b) { return !(b == a); }
inline bool operator<(const String &a, const String &b) { return a.compare(b) < 0; }
inline String operator+(String a, const String &b) { a += b; return a; }
inline String operator+(String a, const char *b) { a += b; return a; }
inline String operator+(const char *a, const String &b) { String s(a); s += b; return s; }
inline String operator+(String a, char b) { a += b; return a; }

CLICK_ENDDECLS
#endif
