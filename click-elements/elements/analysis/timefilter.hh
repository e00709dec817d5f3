#ifndef CLICK_TIMEFILTER_HH
#define CLICK_TIMEFILTER_HH
#include <click/batchelement.hh>
#include <click/handlercall.hh>
CLICK_DECLS

/*
=c
TimeFilter([START, START_AFTER, START_DELAY, END, END_AFTER, END_DELAY, INTERVAL, STOP, END_CALL])
=s timestamps
lets packets pass whose time stamps are in a range
=d
From START on, or START_AFTER the first packet's time, or START_DELAY from now; before END, or END_AFTER the first packet's time, or END_DELAY
from now, or for INTERVAL from the start. At most one of each group. Other packets leave on output 1, or are dropped if there is none.
At the first packet after the end, STOP true stops the router and END_CALL writes a handler, with the packet's time for C<$t> in it.
=h start read/write
=h end read/write
=h interval read/write
=h extend_interval write-only
Puts the end off by so much; from END_CALL, also for the packet that made the call.
=a SetTimestamp, TimeRange
*/
class TimeFilter : public SimpleElement<TimeFilter> { public:
    const char *class_name() const override { return "TimeFilter"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    enum { k_none, k_absolute, k_after, k_delay, k_interval };
    Timestamp _start, _end;
    int _start_kind = k_none, _end_kind = k_none;
    bool _seen = false, _ended = false, _stop = false;
    String _end_call;
    void first_packet(const Timestamp &);
    void ended(const Timestamp &);
    static String read_interval(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
