#ifndef CLICK_TIMEDSOURCE_HH
#define CLICK_TIMEDSOURCE_HH
#include <click/element.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
TimedSource([INTERVAL, DATA, LIMIT, ACTIVE, STOP])
=s basicsources
generates a packet every INTERVAL (0.5 s)
=h count read-only
=h reset write-only
=h active read/write
False stops the timer; true starts it, the count goes on.
=h data read/write
The bytes themselves, as they are.
=h interval read/write
=h limit read/write
=a InfiniteSource
*/
class TimedSource : public Element { public:
    TimedSource() : _timer(this) {}
    const char *class_name() const override { return "TimedSource"; }
    const char *port_count() const override { return PORTS_0_1; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void run_timer(Timer *) override;

  private:
    Timer _timer;
    Timestamp _interval;
    String _data;
    int64_t _limit = -1, _count = 0;
    bool _active = true, _stop = false;
    enum { h_reset, h_active, h_data, h_interval, h_limit };
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
