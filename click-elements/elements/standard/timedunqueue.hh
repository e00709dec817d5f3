#ifndef CLICK_TIMEDUNQUEUE_HH
#define CLICK_TIMEDUNQUEUE_HH
#include <click/batchelement.hh>
#include <click/notifier.hh>
#include <click/task.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
TimedUnqueue(INTERVAL [, BURST])
=s shaping
pulls up to BURST (1) packets every INTERVAL and pushes them
=d
After an interval in which nothing came, the next packet goes on at once.
=a Burster, RatedUnqueue, Unqueue
*/
class TimedUnqueue : public BatchElement { public:
    TimedUnqueue() : TimedUnqueue(1) {}
    const char *class_name() const override { return "TimedUnqueue"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL_TO_PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    bool run_task(Task *) override;
    void run_timer(Timer *) override { run_task(nullptr); }

  protected:
    explicit TimedUnqueue(unsigned burst) : _task(this), _timer(this), _burst(burst) {}

  private:
    Task _task;
    Timer _timer;
    NotifierSignal _signal;
    Timestamp _interval;
    unsigned _burst;
};

CLICK_ENDDECLS
#endif
