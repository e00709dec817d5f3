#ifndef CLICK_RANDOMSOURCE_HH
#define CLICK_RANDOMSOURCE_HH
#include <click/batchelement.hh>
#include <click/handlercall.hh>
#include <click/notifier.hh>
#include <click/task.hh>
CLICK_DECLS

/*
=c
RandomSource(LENGTH [, LIMIT, BURST, ACTIVE, STOP, END_CALL, TIMESTAMP])
=s basicsources
generates packets of random bytes as fast as possible
=d
Packets of LENGTH bytes; LIMIT in all (-1: without end), BURST (1) a turn. When LIMIT is reached, STOP true stops the router and
END_CALL writes a handler. Packets have the present time unless TIMESTAMP is false.
=h count read-only
=h reset write-only
=h length read/write
=h limit read/write
=h burst read/write
=h active read/write
=a InfiniteSource, RatedSource
*/
class RandomSource : public BatchElement { public:
    RandomSource() : _task(this) {}
    const char *class_name() const override { return "RandomSource"; }
    const char *port_count() const override { return PORTS_0_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void *port_cast(bool isoutput, int port, const char *name) override;
    bool run_task(Task *) override;
    Packet *pull(int) override;

  private:
    Task _task;
    NotifierSignal _nonfull;
    ActiveNotifier _nonempty;       // sleeps once a pull found nothing
    HandlerCall _end_call;
    int64_t _limit = -1, _count = 0;
    int _burst = 1, _length = 0;
    bool _active = true, _stop = false, _timestamp = true, _ended = false;

    bool done() const { return _limit >= 0 && _count >= _limit; }
    Packet *make_packet();
    void ended();
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
