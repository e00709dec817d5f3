// GapRate: says when the next packet of a steady stream is due.
#ifndef CLICK_GAPRATE_HH
#define CLICK_GAPRATE_HH
#include <click/error.hh>
#include <click/timestamp.hh>
CLICK_DECLS
class GapRate { public:
    enum { UGAP_SHIFT = 12, MAX_RATE = 1000000U << UGAP_SHIFT };
    GapRate() { set_rate(0); }
    explicit GapRate(unsigned rate) { set_rate(rate); }
    unsigned rate() const { return _rate; }
    void set_rate(unsigned rate) { _rate = rate > MAX_RATE ? unsigned(MAX_RATE) : rate; reset(); }
    void set_rate(unsigned rate, ErrorHandler *errh) {
        if (rate > MAX_RATE && errh) errh->error("rate too large; lowered to %u", unsigned(MAX_RATE));
        set_rate(rate);
    }
    /** Is one due at @a now? Who sends it then calls update(). What was missed in the current second is caught up with, what was missed before is not. */
    bool need_update(const Timestamp &now) {
        if (!_started || now.sec() > _second + 1) start(now);
        else if (now.sec() > _second) {
            // The next second's count begins where this one's ended, but for at most a second's worth.
            _second = now.sec(), _count -= _rate;
            if (_count < -(int64_t) _rate) _count = 0;
        }
        _last = now;
        return _rate && (int64_t) now.subsec() * _rate >= _count * (int64_t) Timestamp::subsec_per_sec;
    }
    Timestamp expiry() const {
        if (!_rate) return Timestamp(_second, 0);
        return Timestamp::make_nsec((int64_t) _second * Timestamp::nsec_per_sec + (int64_t) ((double) _count * Timestamp::nsec_per_sec / _rate));
    }
    void update() { ++_count; }
    void update_with(int n) { _count += n; }
    void reset() { _started = false, _count = 0, _second = 0; }
  private:
    unsigned _rate;
    bool _started;
    int _second;
    int64_t _count;         // sent, or allowed to be sent, in this second
    Timestamp _last;
    void start(const Timestamp &now) {
        _started = true, _second = now.sec();
        _count = (int64_t) ((double) now.subsec() * _rate / Timestamp::subsec_per_sec);
    }
};
CLICK_ENDDECLS
#endif
