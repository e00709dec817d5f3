// Token buckets: tokens come in at a rate up to a capacity and are taken out by what they pay for. A counter holds a fraction of
// the capacity in the full range of its unsigned type, so that every rate and capacity has the same precision.
#ifndef CLICK_TOKENBUCKET_HH
#define CLICK_TOKENBUCKET_HH
#include <click/bigint.hh>
#include <click/integers.hh>
#include <click/timestamp.hh>
CLICK_DECLS

template <typename T> class TokenBucketJiffyParameters { public:
    typedef T token_type;
    typedef click_jiffies_t time_point_type;
    typedef click_jiffies_difference_t duration_type;
    static time_point_type now() { return click_jiffies(); }
    static time_point_type time_point(time_point_type t) { return t; }
    static time_point_type time_point(const Timestamp &t) { return t.jiffies(); }
    static duration_type time_monotonic_difference(time_point_type a, time_point_type b) { return (duration_type) (b - a) > 0 ? (duration_type) (b - a) : 0; }
    static bool time_less(time_point_type a, time_point_type b) { return click_jiffies_less(a, b); }
    static unsigned frequency() { return CLICK_HZ; }
    static Timestamp timestamp(time_point_type t) { return Timestamp::make_jiffies(t); }
    static Timestamp timestamp(duration_type t) { return Timestamp::make_jiffies(t); }
};

/** How fast, and how much at most. Unlimited: always full; idle: never anything. */
template <typename P> class TokenRateX : public P { public:
    typedef P parameter_type;
    typedef typename P::token_type token_type;
    typedef typename P::time_point_type time_point_type;
    typedef typename P::duration_type duration_type;
    typedef typename std::make_unsigned<duration_type>::type ticks_type;
    static constexpr token_type max_tokens = (token_type) -1;
    TokenRateX() { assign(); }
    explicit TokenRateX(bool unlimited) { assign(unlimited); }
    TokenRateX(token_type rate, token_type capacity) { assign(rate, capacity); }
    void assign(bool unlimited = false) { _rate = _capacity = unlimited ? max_tokens : 0; prepare(); }
    /** @a rate tokens a second; a rate or capacity of 0 is idle. The capacity is at least what comes in in one tick. */
    void assign(token_type rate, token_type capacity) {
        if (capacity && capacity < rate / P::frequency()) capacity = rate / P::frequency();
        _rate = capacity ? rate : 0, _capacity = rate ? capacity : 0;
        prepare();
    }
    bool unlimited() const { return _full_in == 0 && _rate; }
    bool idle() const { return !_rate; }
    token_type rate() const { return _rate; }
    token_type capacity() const { return _capacity; }
    /** The fraction of the capacity that one token is, and that comes in in one tick; max_tokens is 1. */
    double token_fraction() const { return (double) max_tokens / _capacity; }
    double tick_fraction() const { return (double) max_tokens * _rate / ((double) _capacity * P::frequency()); }
    ticks_type time_until_full() const { return _full_in; }
    token_type tokens_per_tick() const { return (token_type) tick_fraction(); }
  private:
    token_type _rate, _capacity;
    ticks_type _full_in;
    void prepare() {
        if (!_rate) _full_in = (ticks_type) -1 >> 1;
        else if (_rate == max_tokens && _capacity == max_tokens) _full_in = 0;
        else {
            double t = ceil((double) _capacity * P::frequency() / _rate);
            _full_in = t >= (double) ((ticks_type) -1 >> 1) ? (ticks_type) -1 >> 1 : (ticks_type) t;
            if (!_full_in) _full_in = 1;
        }
    }
};

template <typename R> class TokenCounterX { public:
    typedef R rate_type;
    typedef typename R::token_type token_type;
    typedef typename R::time_point_type time_point_type;
    typedef typename R::ticks_type ticks_type;
    static constexpr token_type max_tokens = (token_type) -1;
    TokenCounterX() : _tokens(0), _time() {}
    explicit TokenCounterX(bool full) : _tokens(full ? max_tokens : 0), _time() {}
    token_type size(const rate_type &r) const { return r.idle() ? 0 : (token_type) ((double) _tokens / r.token_fraction() + 1e-6); }
    double fraction() const { return (double) _tokens / max_tokens; }
    bool empty() const { return !_tokens; }
    bool full() const { return _tokens == max_tokens; }
    bool contains(const rate_type &r, token_type t) const { token_type f; return fraction_of(r, t, f) && _tokens >= f; }
    bool contains_fraction(token_type f) const { return _tokens >= f; }
    void clear() { _tokens = 0; }
    void set_full() { _tokens = max_tokens; }
    void set(const rate_type &r, token_type t) { token_type f; _tokens = fraction_of(r, t, f) ? f : max_tokens; }
    void set_fraction(token_type f) { _tokens = f; }
    /** The same number of tokens under another rate. */
    void adjust(const rate_type &from, const rate_type &to) { if (!from.idle() && !to.idle()) { token_type n = size(from); set(to, n > to.capacity() ? to.capacity() : n); } }
    void refill(const rate_type &r) { refill(r, r.now()); }
    template <typename U> void refill(const rate_type &r, U when) {
        time_point_type t = r.time_point(when);
        ticks_type ticks = (ticks_type) r.time_monotonic_difference(_time, t);
        if (r.time_less(_time, t)) _time = t;
        if (r.unlimited() || (!r.idle() && ticks >= r.time_until_full())) _tokens = max_tokens;
        else if (ticks && !r.idle()) {
            double x = (double) _tokens + r.tick_fraction() * ticks + 0.5;
            _tokens = x >= (double) max_tokens ? max_tokens : (token_type) x;
        }
    }
    void set_time_point(time_point_type t) { _time = t; }
    void remove(const rate_type &r, token_type t) { if (r.unlimited()) return; token_type f; _tokens = fraction_of(r, t, f) && f <= _tokens ? _tokens - f : 0; }
    bool remove_if(const rate_type &r, token_type t) {
        if (r.unlimited()) return true;
        token_type f;
        if (!fraction_of(r, t, f) || f > _tokens) return false;
        _tokens -= f;
        return true;
    }
    void remove_fraction(token_type f) { _tokens = f < _tokens ? _tokens - f : 0; }
    bool remove_fraction_if(token_type f) { if (f > _tokens) return false; _tokens -= f; return true; }
    ticks_type time_until_contains(const rate_type &r, token_type t) const { token_type f; return fraction_of(r, t, f) ? time_until_contains_fraction(r, f) : (ticks_type) -1 >> 1; }
    ticks_type time_until_contains_fraction(const rate_type &r, token_type f) const {
        if (_tokens >= f || r.unlimited()) return 0;
        if (r.idle()) return (ticks_type) -1 >> 1;
        double t = ceil((f - _tokens) / r.tick_fraction());
        return t >= (double) ((ticks_type) -1 >> 1) ? (ticks_type) -1 >> 1 : t < 1 ? 1 : (ticks_type) t;
    }
  private:
    token_type _tokens;
    time_point_type _time;
    /** @a t tokens as a fraction; false if they are more than the capacity. */
    static bool fraction_of(const rate_type &r, token_type t, token_type &f) {
        if (!t) { f = 0; return true; }
        if (r.idle() || t > r.capacity()) return false;
        double x = t * r.token_fraction();
        f = x >= (double) max_tokens ? max_tokens : (token_type) x;
        return true;
    }
};

template <typename P> class TokenBucketX { public:
    typedef P parameter_type;
    typedef TokenRateX<P> rate_type;
    typedef TokenCounterX<rate_type> counter_type;
    typedef typename rate_type::token_type token_type;
    typedef typename rate_type::time_point_type time_point_type;
    typedef typename rate_type::ticks_type ticks_type;
    static constexpr token_type max_tokens = (token_type) -1;
    TokenBucketX() {}
    explicit TokenBucketX(bool unlimited) : _rate(unlimited), _bucket(unlimited) {}
    TokenBucketX(token_type rate, token_type capacity) : _rate(rate, capacity), _bucket(true) {}
    void assign(bool unlimited = false) { _rate.assign(unlimited); if (unlimited) _bucket.set_full(); }
    void assign(token_type rate, token_type capacity) { _rate.assign(rate, capacity); }
    void assign_adjust(token_type rate, token_type capacity) { rate_type old = _rate; _rate.assign(rate, capacity); _bucket.adjust(old, _rate); }
    bool unlimited() const { return _rate.unlimited(); }
    bool idle() const { return _rate.idle(); }
    token_type rate() const { return _rate.rate(); }
    token_type capacity() const { return _rate.capacity(); }
    token_type size() const { return _bucket.size(_rate); }
    double fraction() const { return _bucket.fraction(); }
    ticks_type time_until_full() const { return _rate.time_until_full(); }
    bool empty() const { return _bucket.empty(); }
    bool full() const { return _bucket.full(); }
    bool contains(token_type t) const { return unlimited() || _bucket.contains(_rate, t); }
    bool contains_fraction(token_type f) const { return _bucket.contains_fraction(f); }
    void clear() { _bucket.clear(); }
    void set_full() { _bucket.set_full(); }
    void set(token_type t) { _bucket.set(_rate, t); }
    void set_fraction(token_type f) { _bucket.set_fraction(f); }
    void refill() { _bucket.refill(_rate); }
    template <typename U> void refill(U t) { _bucket.refill(_rate, t); }
    void set_time_point(time_point_type t) { _bucket.set_time_point(t); }
    void remove(token_type t) { _bucket.remove(_rate, t); }
    bool remove_if(token_type t) { return _bucket.remove_if(_rate, t); }
    void remove_fraction(token_type f) { _bucket.remove_fraction(f); }
    bool remove_fraction_if(token_type f) { return _bucket.remove_fraction_if(f); }
    ticks_type time_until_contains(token_type t) const { return _bucket.time_until_contains(_rate, t); }
    ticks_type time_until_contains_fraction(token_type f) const { return _bucket.time_until_contains_fraction(_rate, f); }
  private:
    rate_type _rate;
    counter_type _bucket;
};
typedef TokenRateX<TokenBucketJiffyParameters<unsigned>> TokenRate;
typedef TokenCounterX<TokenRate> TokenCounter;
typedef TokenBucketX<TokenBucketJiffyParameters<unsigned>> TokenBucket;

CLICK_ENDDECLS
#endif
