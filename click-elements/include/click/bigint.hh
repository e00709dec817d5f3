// bigint: arithmetic on numbers of several words, the lowest first.
#ifndef CLICK_BIGINT_HH
#define CLICK_BIGINT_HH
#include <click/integers.hh>
CLICK_DECLS
class bigint { public:
    typedef uint32_t limb_type;
    typedef uint64_t double_limb_type;
    /** @a a times @a b. */
    static void multiply(limb_type &high, limb_type &low, limb_type a, limb_type b) {
        double_limb_type x = (double_limb_type) a * b;
        low = (limb_type) x, high = (limb_type) (x >> 32);
    }
    /** The @a n words at @a a divided by @a b, to @a quotient, which may be the same; returns the remainder. */
    static limb_type divide(limb_type *quotient, const limb_type *a, int n, limb_type b) {
        double_limb_type rest = 0;
        for (int i = n - 1; i >= 0; --i) {
            rest = rest << 32 | a[i];
            quotient[i] = (limb_type) (rest / b);
            rest %= b;
        }
        return (limb_type) rest;
    }
    /** x = x * b + carry; returns what does not fit. */
    static limb_type multiply_add(limb_type *x, const limb_type *a, int n, limb_type b, limb_type carry) {
        double_limb_type c = carry;
        for (int i = 0; i < n; ++i) {
            c += (double_limb_type) a[i] * b;
            x[i] = (limb_type) c;
            c >>= 32;
        }
        return (limb_type) c;
    }
};
CLICK_ENDDECLS
#endif
