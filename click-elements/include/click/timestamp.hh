// Timestamp: seconds and nanoseconds. now() is wall-clock time, now_steady() never goes back; recent*() is
// the value at the start of this round of the driver loop, which costs nothing.
#ifndef CLICK_TIMESTAMP_HH
#define CLICK_TIMESTAMP_HH
#include <click/straccum.hh>
#include <click/type_traits.hh>
#include <time.h>
CLICK_DECLS
#define TIMESTAMP_SUBSEC_PER_SEC 1000000000
#define PRITIMESTAMP "d.%09d"
#define TIMESTAMP_FORMAT_ARGS(t) (t).sec(), (int) (t).nsec()

class Timestamp { public:
    typedef int64_t value_type;
    typedef int32_t seconds_type;
    struct rep_t { int64_t x; };
    typedef uninitialized_type uninitialized_t;
    enum {
        nsec_per_sec = 1000000000, nsec_per_msec = 1000000, nsec_per_usec = 1000, usec_per_sec = 1000000, usec_per_msec = 1000, msec_per_sec = 1000,
        subsec_per_sec = nsec_per_sec, subsec_per_msec = nsec_per_msec, subsec_per_usec = nsec_per_usec
    };
    static constexpr seconds_type max_seconds = 0x7FFFFFFF, min_seconds = -max_seconds - 1;

    Timestamp() : _ns(0) {}
    explicit Timestamp(int sec, uint32_t nsec = 0) : Timestamp((long) sec, nsec) {}
    explicit Timestamp(unsigned sec, uint32_t nsec = 0) : Timestamp((long) sec, nsec) {}
    explicit Timestamp(long sec, uint32_t nsec = 0) : _ns(int64_t(sec) * nsec_per_sec + nsec) {}
    explicit Timestamp(unsigned long sec, uint32_t nsec = 0) : Timestamp((long) sec, nsec) {}
    explicit Timestamp(double sec) : _ns((int64_t) (sec * 1e9 + (sec < 0 ? -0.5 : 0.5))) {}
    Timestamp(const struct timeval &tv) : Timestamp((long) tv.tv_sec, 0U) { _ns += tv.tv_usec * nsec_per_usec; }
    Timestamp(const struct timespec &ts) : Timestamp((long) ts.tv_sec, 0U) { _ns += ts.tv_nsec; }
    Timestamp(const uninitialized_t &) {}
    Timestamp(const rep_t &r) : _ns(r.x) {}
    static Timestamp make_sec(int64_t s) { return from_ns(s * nsec_per_sec); }
    static Timestamp make_msec(int64_t ms) { return from_ns(ms * nsec_per_msec); }
    static Timestamp make_msec(int64_t s, uint32_t ms) { return from_ns(s * nsec_per_sec + int64_t(ms) * nsec_per_msec); }
    static Timestamp make_usec(int64_t us) { return from_ns(us * nsec_per_usec); }
    static Timestamp make_usec(int64_t s, int64_t us) { return from_ns(s * nsec_per_sec + us * nsec_per_usec); }
    static Timestamp make_nsec(int64_t ns) { return from_ns(ns); }
    static Timestamp make_nsec(int64_t s, int64_t ns) { return from_ns(s * nsec_per_sec + ns); }
    static Timestamp make_jiffies(click_jiffies_t j) { return make_msec(j); }
    static Timestamp make_jiffies(click_jiffies_difference_t j) { return make_msec((int64_t) j); }
    static Timestamp epsilon() { return from_ns(1); }
    static Timestamp from_ns(int64_t ns) { Timestamp t; t._ns = ns; return t; }
    static Timestamp now();
    static Timestamp now_steady();
    static Timestamp now_unwarped() { return now(); }
    static Timestamp now_steady_unwarped() { return now_steady(); }
    static Timestamp recent();
    static Timestamp recent_steady();
    static void refresh_recent();
    void assign(seconds_type s, uint32_t subsec = 0) { *this = Timestamp(s, subsec); }
    void assign_usec(seconds_type s, uint32_t us) { *this = make_usec(s, (int64_t) us); }
    void assign_nsec(seconds_type s, uint32_t ns) { *this = make_nsec(s, (int64_t) ns); }
    void assign_now() { *this = now(); }
    void assign_now_steady() { *this = now_steady(); }
    void assign_recent() { *this = recent(); }
    void assign_recent_steady() { *this = recent_steady(); }
    void set_now() { assign_now(); }
    void set(seconds_type s, uint32_t subsec = 0) { assign(s, subsec); }
    void set_usec(seconds_type s, uint32_t us) { assign_usec(s, us); }
    void set_nsec(seconds_type s, uint32_t ns) { assign_nsec(s, ns); }
    void set_sec(seconds_type s) { assign(s, subsec()); }
    void set_subsec(uint32_t subsec) { assign(sec(), subsec); }
    void clear() { _ns = 0; }
    /** What the ioctl @a selector (SIOCGSTAMP and the like) says of @a fd. */
    int set_timeval_ioctl(int fd, int selector);

    // sec() rounds down, so that the parts below a second are never negative.
    int64_t ns() const { return _ns; }
    int sec() const { return (int) (_ns / nsec_per_sec - (_ns % nsec_per_sec < 0)); }
    uint32_t nsec() const { int64_t r = _ns % nsec_per_sec; return (uint32_t) (r < 0 ? r + nsec_per_sec : r); }
    uint32_t subsec() const { return nsec(); }
    uint32_t usec() const { return nsec() / nsec_per_usec; }
    uint32_t msec() const { return nsec() / nsec_per_msec; }
    int64_t msecval() const { return _ns / nsec_per_msec; }
    int64_t usecval() const { return _ns / nsec_per_usec; }
    int64_t nsecval() const { return _ns; }
    seconds_type msec1() const { return (seconds_type) msecval(); }
    seconds_type usec1() const { return (seconds_type) usecval(); }
    seconds_type nsec1() const { return (seconds_type) _ns; }
    double doubleval() const { return _ns / 1e9; }
    click_jiffies_t jiffies() const { return (click_jiffies_t) msecval(); }
    struct timeval timeval() const { struct timeval tv = {sec(), (suseconds_t) usec()}; return tv; }
    struct timespec timespec() const { struct timespec ts = {sec(), (long) nsec()}; return ts; }
    struct timeval timeval_ceil() const { return usec_ceil().timeval(); }
    struct timespec timespec_ceil() const { return timespec(); }
    Timestamp usec_ceil() const { return ceil_to(nsec_per_usec); }
    Timestamp msec_ceil() const { return ceil_to(nsec_per_msec); }
    Timestamp nsec_ceil() const { return *this; }
    bool is_negative() const { return _ns < 0; }
    explicit operator bool() const { return _ns != 0; }
    String unparse() const;
    String unparse_interval() const;
    static uint32_t nsec_to_subsec(uint32_t x) { return x; }
    static uint32_t usec_to_subsec(uint32_t x) { return x * nsec_per_usec; }
    static uint32_t msec_to_subsec(uint32_t x) { return x * nsec_per_msec; }
    static uint32_t subsec_to_nsec(uint32_t x) { return x; }
    static uint32_t subsec_to_usec(uint32_t x) { return x / nsec_per_usec; }
    static uint32_t subsec_to_msec(uint32_t x) { return x / nsec_per_msec; }

    Timestamp &operator+=(const Timestamp &x) { _ns += x._ns; return *this; }
    Timestamp &operator-=(const Timestamp &x) { _ns -= x._ns; return *this; }
    friend Timestamp operator+(Timestamp a, const Timestamp &b) { return a += b; }
    friend Timestamp operator-(Timestamp a, const Timestamp &b) { return a -= b; }
    friend Timestamp operator-(const Timestamp &a) { return from_ns(-a._ns); }
    friend Timestamp operator*(const Timestamp &a, double x) { return Timestamp(a.doubleval() * x); }
    friend Timestamp operator*(const Timestamp &a, int x) { return from_ns(a._ns * x); }
    friend Timestamp operator*(const Timestamp &a, unsigned x) { return from_ns(a._ns * x); }
    friend Timestamp operator*(double x, const Timestamp &a) { return a * x; }
    friend Timestamp operator*(int x, const Timestamp &a) { return a * x; }
    friend Timestamp operator*(unsigned x, const Timestamp &a) { return a * x; }
    friend Timestamp operator/(const Timestamp &a, double x) { return Timestamp(a.doubleval() / x); }
    friend Timestamp operator/(const Timestamp &a, int x) { return from_ns(a._ns / x); }
    friend Timestamp operator/(const Timestamp &a, unsigned x) { return from_ns(a._ns / x); }
    friend double operator/(const Timestamp &a, const Timestamp &b) { return (double) a._ns / b._ns; }
    friend bool operator==(const Timestamp &a, const Timestamp &b) { return a._ns == b._ns; }
    friend bool operator!=(const Timestamp &a, const Timestamp &b) { return a._ns != b._ns; }
    friend bool operator<(const Timestamp &a, const Timestamp &b) { return a._ns < b._ns; }
    friend bool operator<=(const Timestamp &a, const Timestamp &b) { return a._ns <= b._ns; }
    friend bool operator>(const Timestamp &a, const Timestamp &b) { return a._ns > b._ns; }
    friend bool operator>=(const Timestamp &a, const Timestamp &b) { return a._ns >= b._ns; }

    // Time runs at its own pace here.
    enum warp_class_type { warp_none = 0 };
    static int warp_class() { return warp_none; }
    static double warp_speed() { return 1; }
    static bool warp_jumping() { return false; }
    Timestamp warp_real_delay() const { return *this; }

  private:
    int64_t _ns;
    Timestamp ceil_to(int64_t unit) const { int64_t r = _ns % unit; return from_ns(r > 0 ? _ns + unit - r : _ns - r); }
};
inline StringAccum &operator<<(StringAccum &sa, const Timestamp &t) { return sa << t.unparse(); }

CLICK_ENDDECLS
#endif
