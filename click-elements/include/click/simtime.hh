// Simulated time (--simtime): a clock that stands still but for what the driver and the askers move it. All clocks of
// Timestamp are this one then: each request moves it by a nanosecond, and when there is nothing to do until a timer
// expires, the driver moves it to that moment instead of waiting. So a run is the same each time.
#ifndef CLICK_SIMTIME_HH
#define CLICK_SIMTIME_HH
#include <click/timestamp.hh>
#include <atomic>
CLICK_DECLS

class SimTime { public:
    static bool on() { return _on; }
    static void start(const Timestamp &at) { _ns = at.ns(), _on = true; }
    static Timestamp tick() { return Timestamp::from_ns(_ns.fetch_add(1, std::memory_order_relaxed) + 1); }
    /** Not back. */
    static void advance(const Timestamp &to) { if (to.ns() > _ns) _ns = to.ns(); }
  private:
    static bool _on;
    static std::atomic<int64_t> _ns;
};

CLICK_ENDDECLS
#endif
