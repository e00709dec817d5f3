#ifndef CLICK_RATELIMIT_HH
#define CLICK_RATELIMIT_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/int128.hh>
#include <click/timer.hh>
CLICK_DECLS

/** A token bucket in integers. Time is given, best Timestamp::recent_steady() once a run, which costs nothing. */
class RateBucket { public:
    void set(uint64_t rate, uint64_t capacity) { _rate = rate, _capacity = (int128) capacity * unit, _level = _capacity; }
    uint64_t rate() const { return _rate; }
    uint64_t capacity() const { return (uint64_t) (_capacity / unit); }
    void fill_to_top() { _level = _capacity; }
    void fill(const Timestamp &now) {
        int64_t ns = now.nsecval() - _last;
        _last = now.nsecval();
        if (ns <= 0 || _level >= _capacity) return;
        _level += (int128) _rate * ns;
        if (_level > _capacity) _level = _capacity;
    }
    /** Whole tokens that are there, 0 to 2^31 - 1. */
    unsigned tokens() const { return _level < unit ? 0 : _level >= int128(INT_MAX) * unit ? INT_MAX : (unsigned) (_level / unit); }
    /** Some, be it a part of one. Whoever takes more then is in debt. */
    bool any() const { return _level > 0; }
    void take(uint64_t n) { _level -= (int128) n * unit; }
    /** How long until tokens() is not 0 (@a whole) or any() is true; at most a minute. */
    Timestamp until(bool whole) const {
        int128 missing = (whole ? (int128) unit : 1) - _level;
        if (missing <= 0) return Timestamp();
        int128 ns = _rate ? (missing + _rate - 1) / _rate : (int128) 60 * unit;
        return Timestamp::make_nsec(ns > 60 * unit ? int64_t(60 * unit) : (int64_t) ns);
    }
  private:
    static constexpr int64_t unit = 1000000000;      // a token is so much, for nanoseconds times tokens a second
    uint64_t _rate = 0;
    int128 _capacity = 0, _level = 0;
    int64_t _last = 0;
};

/** Bytes a second: `384kbps`, `1.5 MBps`, `10Mb/s`, `5` (bytes, with a warning). */
struct ByteRateArg { static bool parse(const String &, uint64_t &result, const ArgContext & = blank_args); };
String unparse_byte_rate(uint64_t bytes_per_second);

/** What the elements that limit a rate have in common: the arguments RATE, BURST_DURATION and BURST_SIZE (BURST_BYTES). */
class RateLimit { public:
    explicit RateLimit(bool bandwidth) : _bandwidth(bandwidth) {}
    int configure(Vector<String> &, Element *, ErrorHandler *);
    void fill() { _bucket.fill(Timestamp::recent_steady()); }
    bool may_pass() const { return _bandwidth ? _bucket.any() : _bucket.tokens(); }
    void passed(const Packet *p) { _bucket.take(_bandwidth ? p->length() : 1); }
    bool bandwidth() const { return _bandwidth; }
    RateBucket &bucket() { return _bucket; }
    Timestamp wait() const { return _bucket.until(!_bandwidth); }
    /** At most @a max packets of what @a input gives and the limit lets pass. */
    PacketBatch *pull(const BatchPort &input, unsigned max);
    String unparse() const { return _bandwidth ? unparse_byte_rate(_bucket.rate()) : String(_bucket.rate()); }
  private:
    bool _bandwidth;
    RateBucket _bucket;
};

CLICK_ENDDECLS
#endif
