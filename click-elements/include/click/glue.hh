// What a Click source expects of its surroundings: C library, chatter, clocks, random numbers, checksums.
#ifndef CLICK_GLUE_HH
#define CLICK_GLUE_HH
#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
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

typedef unsigned click_jiffies_t;
#define CLICK_HZ 1000
#define CLICK_JIFFIES_MONOTONIC 1
click_jiffies_t click_jiffies();
inline bool click_jiffies_less(click_jiffies_t a, click_jiffies_t b) { return (int) (a - b) < 0; }

// RFC 1071. The results are in network order, ready to be stored.
uint16_t click_in_cksum(const unsigned char *data, int length);
/** The checksum of an IP header of @a hl words, at least 5; 0 if what is there is right. */
inline uint16_t click_ip_header_cksum(const void *header, unsigned hl) {
    uint32_t w[5];
    memcpy(w, header, 20);
    uint64_t sum = uint64_t(w[0]) + w[1] + w[2] + w[3] + w[4];
    for (unsigned i = 5; i < hl; ++i) {
        uint32_t x;
        memcpy(&x, (const char *) header + 4 * i, 4);
        sum += x;
    }
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t) ~((sum & 0xFFFF) + (sum >> 16));
}
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
template <typename T> inline void click_swap(T &a, T &b) { std::swap(a, b); }

typedef uint32_t hashcode_t;
inline hashcode_t hashcode(int x) { return x; }
inline hashcode_t hashcode(unsigned x) { return x; }
inline hashcode_t hashcode(uint16_t x) { return x; }
inline hashcode_t hashcode(long x) { return (unsigned long) x ^ ((unsigned long) x >> sizeof x * 4); }
inline hashcode_t hashcode(unsigned long x) { return x ^ (x >> sizeof x * 4); }
inline hashcode_t hashcode(const void *p) { return (uintptr_t) p >> 4; }
template <typename T> inline auto hashcode(const T &x) -> decltype(x.hashcode()) { return x.hashcode(); }

CLICK_ENDDECLS
#include <click/string.hh>
#endif
