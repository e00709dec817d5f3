#ifndef CLICK_RATEDUNQUEUE_HH
#define CLICK_RATEDUNQUEUE_HH
#include <click/notifier.hh>
#include <click/task.hh>
#include "elements/standard/ratelimit.hh"
CLICK_DECLS

/*
=c
RatedUnqueue(RATE [, BURST_DURATION, BURST_SIZE, ACTIVE])
=s shaping
pulls packets at a limited rate and pushes them
=d
RATE is in packets a second, kept by a token bucket of BURST_SIZE packets, or of those that come in BURST_DURATION (20 ms).
Each turn hands on, as one batch, what the bucket allows.
=h rate read/write
=h active read/write
=h calls read-only
=a BandwidthRatedUnqueue, Unqueue, Shaper, RatedSplitter
*/
class RatedUnqueue : public BatchElement { public:
    RatedUnqueue() : RatedUnqueue(false) {}
    const char *class_name() const override { return "RatedUnqueue"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL_TO_PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    bool run_task(Task *) override;

  protected:
    explicit RatedUnqueue(bool bandwidth) : _task(this), _timer(&_task), _limit(bandwidth) {}

  private:
    Task _task;
    Timer _timer;
    NotifierSignal _signal;
    RateLimit _limit;
    bool _active = true;
    uint64_t _runs = 0, _pushes = 0, _failed = 0, _empty = 0;
    static String read(Element *, void *);
    static int write_active(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
