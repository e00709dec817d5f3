// What a Click source expects of its surroundings: C library, chatter, clocks, random numbers, checksums.
#ifndef CLICK_GLUE_HH
#define CLICK_GLUE_HH
#include <arpa/inet.h>
#include <assert.h>
#include <math.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>
#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/types.h>
#include <new>
#include <utility>
CLICK_DECLS

/** Print a line to standard error; the line end is added. */
void click_chatter(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

uint32_t click_random();
void click_srandom(uint32_t seed);
inline uint32_t click_random(uint32_t low, uint32_t high) {
    return high > low ? low + (uint32_t) ((uint64_t(click_random()) * (uint64_t(high) - low + 1)) >> 32) : low;
}
#define CLICK_RAND_MAX 0xFFFFFFFFU
/** Seed from the system's randomness. */
void click_random_srandom();

// Memory for large tables
#define CLICK_LALLOC(size) malloc(size)
#define CLICK_LFREE(p, size) free((void *) (p))
int click_qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *, void *), void *user_data = nullptr);
template <typename T> int click_compare(const void *a, const void *b, void *) {
    const T &x = *static_cast<const T *>(a), &y = *static_cast<const T *>(b);
    return x < y ? -1 : x == y ? 0 : 1;
}
template <typename T> int click_qsort(T *base, size_t n) { return click_qsort(base, n, sizeof(T), click_compare<T>); }
void click_check_header_sizes();

/** A counter of the processor's that goes on steadily: cycles where it has one, else nanoseconds. */
typedef uint64_t click_cycles_t;
inline click_cycles_t click_get_cycles() {
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_ia32_rdtsc();
#else
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return uint64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec;
#endif
}

typedef unsigned click_jiffies_t;
typedef int click_jiffies_difference_t;
#define CLICK_HZ 1000
#define CLICK_JIFFIES_MONOTONIC 1
click_jiffies_t click_jiffies();
#define CLICK_JIFFIES_LESS(a, b) (click_jiffies_less((a), (b)))
inline bool click_jiffies_less(click_jiffies_t a, click_jiffies_t b) { return (int) (a - b) < 0; }

// RFC 1071. The results are in network order, ready to be stored.
uint16_t click_in_cksum(const unsigned char *data, int length);
uint16_t click_in_cksum_pseudohdr_raw(uint32_t partial, uint32_t src, uint32_t dst, int proto, int transport_len);
/** RFC 1624 eqn. 3. */
inline void click_update_in_cksum(uint16_t *sum, uint16_t old_hw, uint16_t new_hw) {
    uint32_t s = (~*sum & 0xFFFFU) + (~old_hw & 0xFFFFU) + new_hw;
    s = (s & 0xFFFF) + (s >> 16);
    *sum = ~(s + (s >> 16));
}
struct click_ip;
inline uint16_t click_in_cksum_pseudohdr(uint32_t partial, const click_ip *iph, int transport_len);

template <typename T> inline const T &click_min(const T &a, const T &b) { return b < a ? b : a; }
template <typename T> inline const T &click_max(const T &a, const T &b) { return a < b ? b : a; }
template <typename T> inline typename std::remove_reference<T>::type &&click_move(T &&x) { return static_cast<typename std::remove_reference<T>::type &&>(x); }
template <typename T> inline T &&click_forward(typename std::remove_reference<T>::type &x) { return static_cast<T &&>(x); }
template <typename T> inline void ignore_result(T) {}
template <typename T> inline void click_swap(T &a, T &b) { std::swap(a, b); }

typedef long long click_int_large_t;
typedef unsigned long long click_uint_large_t;
typedef uint32_t hashcode_t;
inline hashcode_t hashcode(int x) { return x; }
inline hashcode_t hashcode(unsigned x) { return x; }
inline hashcode_t hashcode(uint16_t x) { return x; }
inline hashcode_t hashcode(short x) { return x; }
inline hashcode_t hashcode(bool x) { return x; }
inline hashcode_t hashcode(char x) { return x; }
inline hashcode_t hashcode(signed char x) { return x; }
inline hashcode_t hashcode(unsigned char x) { return x; }
inline hashcode_t hashcode(long long x) { return (unsigned long long) x ^ ((unsigned long long) x >> 32); }
inline hashcode_t hashcode(unsigned long long x) { return x ^ (x >> 32); }
inline hashcode_t hashcode(long x) { return (unsigned long) x ^ ((unsigned long) x >> sizeof x * 4); }
inline hashcode_t hashcode(unsigned long x) { return x ^ (x >> sizeof x * 4); }
inline hashcode_t hashcode(const void *p) { return (uintptr_t) p >> 4; }
template <typename T> inline hashcode_t hashcode(const T &x) { return x.hashcode(); }

inline bool operator==(const timeval &a, const timeval &b) { return a.tv_sec == b.tv_sec && a.tv_usec == b.tv_usec; }
inline bool operator!=(const timeval &a, const timeval &b) { return !(a == b); }
inline bool operator<(const timeval &a, const timeval &b) { return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_usec < b.tv_usec); }
inline timeval operator-(timeval a, const timeval &b) {
    a.tv_sec -= b.tv_sec, a.tv_usec -= b.tv_usec;
    if (a.tv_usec < 0) a.tv_usec += 1000000, --a.tv_sec;
    return a;
}

// Little-endian numbers, as some headers have them
#define le16_to_cpu(x) ((uint16_t) le16toh(x))
#define cpu_to_le16(x) ((uint16_t) htole16(x))
#define le32_to_cpu(x) ((uint32_t) le32toh(x))
#define cpu_to_le32(x) ((uint32_t) htole32(x))

CLICK_ENDDECLS
#include <click/string.hh>
#include <click/integers.hh>
#endif
