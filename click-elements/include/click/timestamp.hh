// Timestamp: seconds and nanoseconds. now() is wall-clock time, now_steady() never goes back; recent*() is
// the value at the start of this round of the driver loop, which costs nothing.
#ifndef CLICK_TIMESTAMP_HH
#define CLICK_TIMESTAMP_HH
#include <click/straccum.hh>
CLICK_DECLS

class Timestamp { public:
    typedef int64_t value_type;
    typedef int32_t seconds_type;
    enum { nsec_per_sec = 1000000000, nsec_per_msec = 1000000, nsec_per_usec = 1000, subsec_per_sec = nsec_per_sec };

    Timestamp() : _ns(0) {}
    Timestamp(int sec, uint32_t nsec) : _ns(int64_t(sec) * nsec_per_sec + nsec) {}
    explicit Timestamp(int sec) : Timestamp(sec, 0) {}
    explicit Timestamp(double sec) : _ns((int64_t) (sec * 1e9)) {}
    explicit Timestamp(const struct timeval &tv) : Timestamp(tv.tv_sec, tv.tv_usec * nsec_per_usec) {}
    static Timestamp make_sec(int64_t s) { return from_ns(s * nsec_per_sec); }
    static Timestamp make_msec(int64_t ms) { return from_ns(ms * nsec_per_msec); }
    static Timestamp make_usec(int64_t us) { return from_ns(us * nsec_per_usec); }
    static Timestamp make_usec(int s, int us) { return from_ns(int64_t(s) * nsec_per_sec + int64_t(us) * nsec_per_usec); }
    static Timestamp make_nsec(int s, int ns) { return from_ns(int64_t(s) * nsec_per_sec + ns); }
    static Timestamp from_ns(int64_t ns) { Timestamp t; t._ns = ns; return t; }
    static Timestamp now();
    static Timestamp now_steady();
    static Timestamp recent();
    static Timestamp recent_steady();
    static void refresh_recent();
    void assign_now() { *this = now(); }
    void assign_now_steady() { *this = now_steady(); }

    int64_t ns() const { return _ns; }
    int sec() const { return (int) (_ns / nsec_per_sec); }
    uint32_t nsec() const { return (uint32_t) (_ns % nsec_per_sec); }
    uint32_t usec() const { return nsec() / nsec_per_usec; }
    uint32_t msec() const { return nsec() / nsec_per_msec; }
    int64_t msecval() const { return _ns / nsec_per_msec; }
    int64_t usecval() const { return _ns / nsec_per_usec; }
    double doubleval() const { return _ns / 1e9; }
    struct timeval timeval() const { struct timeval tv = {sec(), (suseconds_t) usec()}; return tv; }
    explicit operator bool() const { return _ns != 0; }
    String unparse() const;

    Timestamp &operator+=(const Timestamp &x) { _ns += x._ns; return *this; }
    Timestamp &operator-=(const Timestamp &x) { _ns -= x._ns; return *this; }
    friend Timestamp operator+(Timestamp a, const Timestamp &b) { return a += b; }
    friend Timestamp operator-(Timestamp a, const Timestamp &b) { return a -= b; }
    friend bool operator==(const Timestamp &a, const Timestamp &b) { return a._ns == b._ns; }
    friend bool operator!=(const Timestamp &a, const Timestamp &b) { return a._ns != b._ns; }
    friend bool operator<(const Timestamp &a, const Timestamp &b) { return a._ns < b._ns; }
    friend bool operator<=(const Timestamp &a, const Timestamp &b) { return a._ns <= b._ns; }
    friend bool operator>(const Timestamp &a, const Timestamp &b) { return a._ns > b._ns; }
    friend bool operator>=(const Timestamp &a, const Timestamp &b) { return a._ns >= b._ns; }

  private:
    int64_t _ns;
};
inline StringAccum &operator<<(StringAccum &sa, const Timestamp &t) { return sa << t.unparse(); }

CLICK_ENDDECLS
#endif
