// Bitvector: a vector of bits.
#ifndef CLICK_BITVECTOR_HH
#define CLICK_BITVECTOR_HH
#include <click/vector.hh>
CLICK_DECLS

class Bitvector { public:
    typedef uint32_t word_type;
    enum { wbits = 32, ninline = 0 };
    class Bit { public:
        Bit(word_type &w, int i) : _w(w), _mask(word_type(1) << i) {}
        operator bool() const { return _w & _mask; }
        Bit &operator=(bool x) { if (x) _w |= _mask; else _w &= ~_mask; return *this; }
        Bit &operator=(const Bit &x) { return *this = bool(x); }
        Bit &operator|=(bool x) { return *this = *this | x; }
        Bit &operator&=(bool x) { return *this = *this & x; }
        Bit &operator^=(bool x) { return *this = bool(*this) != x; }
        void flip() { _w ^= _mask; }
      private:
        word_type &_w;
        word_type _mask;
    };

    Bitvector() : _w(1, 0), _n(0) {}
    explicit Bitvector(int n) : Bitvector() { resize(n); }
    explicit Bitvector(bool) = delete;
    Bitvector(int n, bool x) : _n(0) { assign(n, x); }
    int size() const { return _n; }
    int max_word() const { return _n ? _w.size() - 1 : -1; }
    bool zero() const { for (word_type w : _w) if (w) return false; return true; }
    explicit operator bool() const { return !zero(); }
    Bit operator[](int i) { return Bit(_w[i / wbits], i % wbits); }
    bool operator[](int i) const { return _w[i / wbits] >> i % wbits & 1; }
    Bit force_bit(int i) { if (i >= _n) resize(i + 1); return (*this)[i]; }
    void clear() { for (word_type &w : _w) w = 0; }
    void resize(int n) { _n = n; _w.resize(words(n), 0); trim(); }
    void assign(int n, bool x) { _n = n; _w.assign(words(n), x ? ~word_type(0) : 0); trim(); }
    void negate() { for (word_type &w : _w) w = ~w; trim(); }
    void flip() { negate(); }
    Bitvector operator~() const { Bitvector b(*this); b.negate(); return b; }
    Bitvector &operator&=(const Bitvector &x) { for (int i = 0; i < _w.size(); ++i) _w[i] &= x.word(i); return *this; }
    Bitvector &operator|=(const Bitvector &x) { if (x._n > _n) resize(x._n); for (int i = 0; i < x._w.size(); ++i) _w[i] |= x._w[i]; return *this; }
    Bitvector &operator^=(const Bitvector &x) { if (x._n > _n) resize(x._n); for (int i = 0; i < x._w.size(); ++i) _w[i] ^= x._w[i]; return *this; }
    Bitvector &operator-=(const Bitvector &x) { for (int i = 0; i < _w.size(); ++i) _w[i] &= ~x.word(i); return *this; }
    Bitvector operator&(const Bitvector &x) const { Bitvector b(*this); b &= x; return b; }
    Bitvector operator|(const Bitvector &x) const { Bitvector b(*this); b |= x; return b; }
    Bitvector operator^(const Bitvector &x) const { Bitvector b(*this); b ^= x; return b; }
    Bitvector operator-(const Bitvector &x) const { Bitvector b(*this); b -= x; return b; }
    bool operator==(const Bitvector &x) const { if (_n != x._n) return false; for (int i = 0; i < _w.size(); ++i) if (_w[i] != x._w[i]) return false; return true; }
    bool operator!=(const Bitvector &x) const { return !(*this == x); }
    /** Or @a x into our bits from @a offset on. */
    void offset_or(const Bitvector &x, int offset) { for (int i = 0; i < x._n; ++i) if (x[i]) (*this)[offset + i] = true; }
    /** As |=, and @a diff becomes the bits that are new. */
    void or_with_difference(const Bitvector &x, Bitvector &diff) { diff = x - *this; *this |= x; }
    bool or_with_change(const Bitvector &x) { Bitvector diff; or_with_difference(x, diff); return !diff.zero(); }
    bool nonzero_intersection(const Bitvector &x) const { for (int i = 0; i < _w.size(); ++i) if (_w[i] & x.word(i)) return true; return false; }
    int weight() const { int n = 0; for (word_type w : _w) n += __builtin_popcount(w); return n; }
    word_type *words() { return _w.begin(); }
    const word_type *words() const { return _w.begin(); }
    word_type *data_words() { return _w.begin(); }
    const word_type *data_words() const { return _w.begin(); }
    void swap(Bitvector &x) { _w.swap(x._w); std::swap(_n, x._n); }

  private:
    Vector<word_type> _w;      // bits past the end are zero
    int _n;
    static int words(int n) { return n > 0 ? (n + wbits - 1) / wbits : 1; }      // never none, so that words()[0] is there
    word_type word(int i) const { return i < _w.size() ? _w[i] : 0; }
    void trim() { if (!_n) _w[0] = 0; else if (_n % wbits) _w.back() &= (word_type(1) << _n % wbits) - 1; }
};

CLICK_ENDDECLS
#endif
