// Integer helpers: byte order by type, first set bits, division, square roots.
#ifndef CLICK_INTEGERS_HH
#define CLICK_INTEGERS_HH
#include <click/int128.hh>
#include <click/type_traits.hh>
#include <arpa/inet.h>
CLICK_DECLS

template <typename T> inline T click_swap_if_little(T x) {
    static_assert(std::is_integral<T>::value, "integers only");
#if CLICK_BYTE_ORDER == CLICK_BIG_ENDIAN
    return x;
#else
    if constexpr (sizeof(T) == 1) return x;
    else if constexpr (sizeof(T) == 2) return (T) __builtin_bswap16((uint16_t) x);
    else if constexpr (sizeof(T) == 4) return (T) __builtin_bswap32((uint32_t) x);
    else return (T) __builtin_bswap64((uint64_t) x);
#endif
}
template <typename T> inline T host_to_net_order(T x) { return click_swap_if_little(x); }
template <typename T> inline T net_to_host_order(T x) { return click_swap_if_little(x); }
#ifndef htonq
# define htonq(x) host_to_net_order((uint64_t) (x))
# define ntohq(x) net_to_host_order((uint64_t) (x))
#endif

/** The most significant set bit counted from the top, the least significant from the bottom; both from 1, 0 for none. */
inline int ffs_msb(unsigned x) { return x ? __builtin_clz(x) + 1 : 0; }
inline int ffs_msb(unsigned long x) { return x ? __builtin_clzl(x) + 1 : 0; }
inline int ffs_msb(unsigned long long x) { return x ? __builtin_clzll(x) + 1 : 0; }
inline int ffs_lsb(unsigned x) { return __builtin_ffs((int) x); }
inline int ffs_lsb(unsigned long x) { return __builtin_ffsl((long) x); }
inline int ffs_lsb(unsigned long long x) { return __builtin_ffsll((long long) x); }

template <typename T> inline T int_sqrt(T x) {
    if (x < 2) return x;
    T r = 0, bit = T(1) << (sizeof(T) * 8 - 2 - (std::is_signed<T>::value ? sizeof(T) * 8 % 2 : 0));
    while (bit > x) bit >>= 2;
    for (; bit; bit >>= 2)
        if (x >= r + bit) x -= r + bit, r = (r >> 1) + bit;
        else r >>= 1;
    return r;
}
/** Rounded down, so that the remainder is never negative. */
template <typename T> inline T int_divide(T a, uint32_t b) {
    if constexpr (std::is_signed<T>::value) {
        int64_t q = (int64_t) a / b;
        return (T) (q * b > (int64_t) a ? q - 1 : q);
    } else
        return a / b;
}
template <typename T> inline uint32_t int_remainder(T a, uint32_t b, T &quotient) {
    quotient = int_divide(a, b);
    return (uint32_t) (a - quotient * (T) b);
}
template <typename T> struct has_fast_int_multiply : std::integral_constant<bool, std::is_unsigned<T>::value && sizeof(T) >= 4> {};
template <typename T> inline void int_multiply(T a, T b, T &low, T &high) {
#ifdef __SIZEOF_INT128__
    using wide = typename std::conditional<sizeof(T) == 4, uint64_t, unsigned __int128>::type;
#else
    using wide = typename std::conditional<sizeof(T) == 4, uint64_t, int128>::type;
#endif
    wide x = (wide) a * b;
    low = (T) x, high = (T) (x >> (sizeof(T) * 8));
}

CLICK_ENDDECLS
#endif
