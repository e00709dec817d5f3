// Facts about types, under the names that Click sources use.
#ifndef CLICK_TYPE_TRAITS_HH
#define CLICK_TYPE_TRAITS_HH
#include <stddef.h>
#include <stdint.h>
#include <limits>
#include <type_traits>
CLICK_DECLS

struct uninitialized_type {};
struct empty_type {};
using std::conditional;
using std::false_type;
using std::true_type;
template <typename T> struct has_trivial_copy : std::is_trivially_copyable<T> {};
template <typename T, typename U> struct same_type : std::is_same<T, U> {};
template <typename T> struct make_signed : std::make_signed<T> {};
template <typename T> struct make_unsigned : std::make_unsigned<T> {};
template <typename T> struct remove_reference : std::remove_reference<T> {};
template <typename T> struct remove_cv : std::remove_cv<T> {};
template <typename T> struct is_reference : std::is_reference<T> {};
/** How a T is best handed over: small plain values as such, the others by reference. */
template <typename T> struct fast_argument {
    enum { is_reference = !std::is_scalar<T>::value && (!std::is_trivially_copyable<T>::value || sizeof(T) > sizeof(void *)) };
    typedef typename std::conditional<is_reference, const T &, T>::type type;
};
template <size_t S> struct char_array { char x[S]; } __attribute__((packed));
/** The C++ integer type of that many bytes. */
template <int N> struct size_integer;
template <> struct size_integer<1> { typedef uint8_t type; };
template <> struct size_integer<2> { typedef uint16_t type; };
template <> struct size_integer<4> { typedef uint32_t type; };
template <> struct size_integer<8> { typedef uint64_t type; };

template <typename T> struct integer_traits {
    static constexpr bool is_numeric = std::is_arithmetic<T>::value, is_integral = std::is_integral<T>::value;
    static constexpr bool is_signed = std::is_signed<T>::value, negative_is_larger = false;
    static constexpr T const_min = std::numeric_limits<T>::lowest(), const_max = std::numeric_limits<T>::max();
    static constexpr T min() { return const_min; }
    static constexpr T max() { return const_max; }
    typedef typename std::conditional<std::is_signed<T>::value, long long, unsigned long long>::type max_type;
    typedef T type;
    static bool negative(T x) { return x < T(0); }
};

CLICK_ENDDECLS
#endif
