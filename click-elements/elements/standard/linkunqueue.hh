#ifndef CLICK_LINKUNQUEUE_HH
#define CLICK_LINKUNQUEUE_HH
#include <click/batchelement.hh>
#include <click/notifier.hh>
#include <click/task.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
LinkUnqueue(LATENCY, BANDWIDTH)
=s shaping
pulls packets and pushes them as a serial link would
=d
A packet of n bytes (with what its extra-length annotation says) takes n / BANDWIDTH to enter the link, during which no other is pulled, and
arrives LATENCY later with the time of its arrival as time stamp. BANDWIDTH is as in C<384kbps>.
=h latency read/write
=h bandwidth read/write
=h size read-only
Packets on the link.
=h reset write-only
Drops them.
=a DelayUnqueue, BandwidthRatedUnqueue
*/
class LinkUnqueue : public BatchElement { public:
    LinkUnqueue() : _task(this), _timer(&_task) {}
    const char *class_name() const override { return "LinkUnqueue"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL_TO_PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override { drop_all(); }
    void add_handlers() override;
    bool run_task(Task *) override;

  private:
    Timestamp _latency, _free;           // _free: when the next packet may enter
    uint64_t _bandwidth = 0;
    Packet *_head = nullptr, *_tail = nullptr;     // on the link; their time stamps say when (steadily) they arrive
    int _size = 0;
    bool _idle = true;
    Task _task;
    Timer _timer;
    NotifierSignal _signal;
    void drop_all();
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
