// Exponentially weighted moving averages in fixed point. P says how: stability_shift() (a sample's weight is 2^-shift), scale()
// (fraction bits), and for rates rate_count, epoch() and epoch_frequency().
#ifndef CLICK_EWMA_HH
#define CLICK_EWMA_HH
#include <click/timestamp.hh>
#include <click/confparse.hh>
CLICK_DECLS

template <unsigned STABILITY, unsigned SCALE, typename T = unsigned, typename U = int> class FixedEWMAXParameters { public:
    typedef T value_type;
    typedef U signed_value_type;
    static unsigned stability_shift() { return STABILITY; }
    static unsigned scale() { return SCALE; }
    static value_type scaled_one() { return value_type(1) << SCALE; }
    /** Half a step, so that rounding does not pull the average down. */
    static unsigned compensation() { return 1U << STABILITY >> 1; }
};
template <unsigned SCALE, typename T = unsigned, typename U = int> class StabilityEWMAXParameters { public:
    typedef T value_type;
    typedef U signed_value_type;
    StabilityEWMAXParameters() : _stability(0) {}
    unsigned stability_shift() const { return _stability; }
    void set_stability_shift(unsigned s) { _stability = s; }
    static unsigned scale() { return SCALE; }
    static value_type scaled_one() { return value_type(1) << SCALE; }
    unsigned compensation() const { return 1U << _stability >> 1; }
  private:
    unsigned _stability;
};

template <typename P> class DirectEWMAX : public P { public:
    typedef typename P::value_type value_type;
    DirectEWMAX() : _avg(0) {}
    explicit DirectEWMAX(value_type scaled) : _avg(scaled) {}
    value_type scaled_average() const { return _avg; }
    value_type unscaled_average() const { return (_avg + (P::scaled_one() >> 1)) >> P::scale(); }
    void clear() { _avg = 0; }
    void assign(value_type scaled) { _avg = scaled; }
    void update(value_type x) {
        typedef typename P::signed_value_type S;
        S diff = (S) (x << P::scale()) - (S) _avg + (S) P::compensation();
        _avg += (value_type) (diff >> P::stability_shift());
    }
    void update_with(value_type x) { update(x); }
    void update_n(value_type x, unsigned n) {
        // After enough samples of one value the average is that value.
        if (n > 100U << P::stability_shift()) _avg = x << P::scale();
        else while (n-- > 0) update(x);
    }
    String unparse() const { return cp_unparse_real2(scaled_average(), P::scale()); }
  private:
    value_type _avg;
};
typedef DirectEWMAX<FixedEWMAXParameters<4, 10>> DirectEWMA;
typedef DirectEWMAX<FixedEWMAXParameters<3, 10>> FastDirectEWMA;

template <unsigned STABILITY, unsigned SCALE, typename T = unsigned, typename U = int> class RateEWMAXParameters : public FixedEWMAXParameters<STABILITY, SCALE, T, U> { public:
    enum { rate_count = 1 };
    static unsigned epoch() { return click_jiffies() / (CLICK_HZ / 10); }
    static unsigned epoch_frequency() { return 10; }
};
template <typename P> class RateEWMAX : public P { public:
    typedef typename P::value_type value_type;
    typedef typename P::signed_value_type signed_value_type;
    RateEWMAX() { clear(); }
    void clear() {
        _epoch = P::epoch();
        for (unsigned i = 0; i < P::rate_count; ++i) _avg[i].clear(), _total[i] = 0;
    }
    void initialize() { clear(); }
    signed_value_type scaled_average(unsigned i = 0) const { return _avg[i].scaled_average(); }
    unsigned scale(unsigned = 0) const { return P::scale(); }
    /** Samples a second. */
    int rate(unsigned i = 0) const { return (int) ((scaled_average(i) * P::epoch_frequency()) >> P::scale()); }
    void update(signed_value_type delta, unsigned i = 0) {
        unsigned now = P::epoch();
        if (now != _epoch) close(now);
        _total[i] += delta;
    }
    String unparse_rate(unsigned i = 0) const { return cp_unparse_real2(scaled_average(i) * (signed_value_type) P::epoch_frequency(), P::scale()); }
  private:
    unsigned _epoch;
    signed_value_type _total[P::rate_count];
    DirectEWMAX<P> _avg[P::rate_count];
    void close(unsigned now) {
        for (unsigned i = 0; i < P::rate_count; ++i) {
            _avg[i].update(_total[i]);
            _avg[i].update_n(0, now - _epoch - 1);
            _total[i] = 0;
        }
        _epoch = now;
    }
};
typedef RateEWMAX<RateEWMAXParameters<4, 10>> RateEWMA;

CLICK_ENDDECLS
#endif
