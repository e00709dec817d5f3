#ifndef CLICK_PULLSWITCH_HH
#define CLICK_PULLSWITCH_HH
#include <click/notifier.hh>
#include <click/task.hh>
#include "elements/standard/simplepullswitch.hh"
CLICK_DECLS

/*
=c
PullSwitch([INPUT])
=s scheduling
lets packets be pulled from one input, set by a handler
=d
INPUT is 0 by default; -1 gives nothing. What pulls sleeps while that input is known to be empty.
=h switch read/write
=a SimplePullSwitch, StaticPullSwitch, PrioSched, RoundRobinSched, Switch
*/
class PullSwitch : public SimplePullSwitch { public:
    PullSwitch() : _task(this) {}
    const char *class_name() const override { return "PullSwitch"; }
    const char *port_count() const override { return "-/1"; }
    const char *processing() const override { return PULL; }
    void *port_cast(bool isoutput, int port, const char *name) override;
    int initialize(ErrorHandler *) override;
    Packet *pull(int) override;
    PacketBatch *pull_batch(int, unsigned max) override;
    bool run_task(Task *) override;

  private:
    Task _task;
    Vector<NotifierSignal> _signals;
    ActiveNotifier _notifier;
    bool asleep() const { return _input < 0 || !_signals[_input].active(); }
    void set_input(int in) override;
    void nothing();
};

CLICK_ENDDECLS
#endif
