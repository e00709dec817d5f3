// 128 bits, for products of two 64-bit numbers: the compiler's own where it has them, else (32-bit machines) what is needed of them.
#ifndef CLICK_INT128_HH
#define CLICK_INT128_HH
#include <click/config.h>
#include <stdint.h>
#include <type_traits>
CLICK_DECLS

#if defined(__SIZEOF_INT128__) && !defined(LCLICK_OWN_INT128)
typedef __int128 int128;
#else
/** Two's complement, as the compiler's: conversions from any integer, explicit ones to any, no overflow checks. */
class int128 { public:
    constexpr int128() : _lo(0), _hi(0) {}
    template <typename T, typename = typename std::enable_if<std::is_integral<T>::value>::type>
    constexpr int128(T x) : _lo((uint64_t) x), _hi(x < 0 ? ~uint64_t(0) : 0) {}
    template <typename T, typename = typename std::enable_if<std::is_integral<T>::value>::type> explicit constexpr operator T() const { return (T) _lo; }

    friend int128 operator+(int128 a, int128 b) {
        const uint64_t lo = a._lo + b._lo;
        return make(lo, a._hi + b._hi + (lo < a._lo));
    }
    friend int128 operator-(int128 a) { return make(~a._lo, ~a._hi) + int128(1); }
    friend int128 operator-(int128 a, int128 b) { return a + -b; }
    friend int128 operator*(int128 a, int128 b) {
        const uint64_t al = (uint32_t) a._lo, ah = a._lo >> 32, bl = (uint32_t) b._lo, bh = b._lo >> 32;
        const uint64_t low = al * bl, mid = ah * bl + (low >> 32), mid2 = al * bh + (uint32_t) mid;
        return make(mid2 << 32 | (uint32_t) low, ah * bh + (mid >> 32) + (mid2 >> 32) + a._lo * b._hi + a._hi * b._lo);
    }
    /** Towards zero. */
    friend int128 operator/(int128 a, int128 b) {
        const bool negative = a.negative() != b.negative();
        if (a.negative()) a = -a;
        if (b.negative()) b = -b;
        int128 q, r;
        if (!a._hi && !b._hi)
            q = int128(a._lo / b._lo);
        else
            for (int i = 127; i >= 0; --i) {
                r = r << 1;
                r._lo |= i >= 64 ? a._hi >> (i - 64) & 1 : a._lo >> i & 1;
                q = q << 1;
                if (!(r < b)) r = r - b, q._lo |= 1;
            }
        return negative ? -q : q;
    }
    friend int128 operator<<(int128 a, int n) {
        return n >= 64 ? make(0, a._lo << (n - 64)) : n ? make(a._lo << n, a._hi << n | a._lo >> (64 - n)) : a;
    }
    friend int128 operator>>(int128 a, int n) {
        const int64_t hi = (int64_t) a._hi;
        return n >= 64 ? make((uint64_t) (hi >> (n - 64)), (uint64_t) (hi >> 63)) : n ? make(a._lo >> n | a._hi << (64 - n), (uint64_t) (hi >> n)) : a;
    }
    friend int128 operator&(int128 a, int128 b) { return make(a._lo & b._lo, a._hi & b._hi); }
    friend bool operator==(int128 a, int128 b) { return a._lo == b._lo && a._hi == b._hi; }
    friend bool operator<(int128 a, int128 b) { return a._hi == b._hi ? a._lo < b._lo : (int64_t) a._hi < (int64_t) b._hi; }
    friend bool operator>(int128 a, int128 b) { return b < a; }
    friend bool operator<=(int128 a, int128 b) { return !(b < a); }
    friend bool operator>=(int128 a, int128 b) { return !(a < b); }
    friend bool operator!=(int128 a, int128 b) { return !(a == b); }
    int128 &operator+=(int128 b) { return *this = *this + b; }
    int128 &operator-=(int128 b) { return *this = *this - b; }
    int128 &operator*=(int128 b) { return *this = *this * b; }
    int128 &operator/=(int128 b) { return *this = *this / b; }

  private:
    uint64_t _lo, _hi;
    bool negative() const { return _hi >> 63; }
    static int128 make(uint64_t lo, uint64_t hi) {
        int128 x;
        x._lo = lo, x._hi = hi;
        return x;
    }
};
#endif

CLICK_ENDDECLS
#endif
