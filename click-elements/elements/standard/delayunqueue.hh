#ifndef CLICK_DELAYUNQUEUE_HH
#define CLICK_DELAYUNQUEUE_HH
#include <click/batchelement.hh>
#include <click/notifier.hh>
#include <click/task.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
DelayUnqueue(DELAY)
=s shaping
pulls packets and pushes each when DELAY has passed since its time stamp
=d
A packet without time stamp is given the time at which it is first seen. It leaves with the present time as its stamp. Those that
are due leave as one batch.
=h delay read/write
=a DelayShaper, LinkUnqueue, SetTimestamp, Unqueue
*/
class DelayUnqueue : public BatchElement { public:
    DelayUnqueue() : _task(this), _timer(&_task) {}
    const char *class_name() const override { return "DelayUnqueue"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL_TO_PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    bool run_task(Task *) override;

  private:
    Timestamp _delay;
    Packet *_p = nullptr;
    Task _task;
    Timer _timer;
    NotifierSignal _signal;
};

CLICK_ENDDECLS
#endif
