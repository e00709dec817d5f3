#ifndef CLICK_UNQUEUE_HH
#define CLICK_UNQUEUE_HH
#include <click/batchelement.hh>
#include <click/task.hh>
#include <click/notifier.hh>
CLICK_DECLS

/*
=c
Unqueue([BURST, LIMIT, ACTIVE])
=s shaping
pulls packets and pushes them
=d
Pulls whenever there is something to pull, up to BURST packets (1 by default; negative: as many as there are, 256 at a
time) each time it is scheduled, and pushes them on. Stops after LIMIT packets, if LIMIT is not negative.
=h count read-only
=h active read/write
=h limit read/write
=h burst read/write
=h reset write-only
=a RatedUnqueue, Queue
*/
class Unqueue : public BatchElement { public:
    Unqueue() : _task(this) {}
    const char *class_name() const override { return "Unqueue"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL_TO_PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    bool run_task(Task *) override;

  private:
    Task _task;
    NotifierSignal _signal;
    int _burst = 1;
    int64_t _limit = -1, _count = 0;
    bool _active = true;
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
