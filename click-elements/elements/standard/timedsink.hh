#ifndef CLICK_TIMEDSINK_HH
#define CLICK_TIMEDSINK_HH
#include <click/element.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
TimedSink([INTERVAL])
=s basicsources
pulls and drops a packet every INTERVAL (0.5 s)
=h interval read/write
=a Discard, TimedUnqueue
*/
class TimedSink : public Element { public:
    TimedSink() : _timer(this) {}
    const char *class_name() const override { return "TimedSink"; }
    const char *port_count() const override { return PORTS_1_0; }
    const char *processing() const override { return PULL; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void run_timer(Timer *) override;

  private:
    Timer _timer;
    Timestamp _interval;
};

CLICK_ENDDECLS
#endif
