#ifndef CLICK_RATEDSOURCE_HH
#define CLICK_RATEDSOURCE_HH
#include <click/notifier.hh>
#include <click/task.hh>
#include "elements/standard/ratelimit.hh"
CLICK_DECLS

/*
=c
RatedSource([DATA, RATE, LIMIT, ACTIVE, LENGTH, BANDWIDTH, STOP])
=s basicsources
generates packets at a given rate
=d
RATE (10) packets a second that hold DATA, cut or filled with its repetition to LENGTH; BANDWIDTH, as in C<1Mbps>, gives the rate by the packets' length.
LIMIT packets in all (-1: without end); with STOP true, the router stops then. Pushes, as one batch, what is due each time it runs; on a
pull output, gives what is due.
=h count read-only
=h reset write-only
=h data read/write
=h length read/write
=h rate read/write
=h limit read/write
=h active read/write
=a InfiniteSource, TimedSource
*/
class RatedSource : public BatchElement { public:
    RatedSource() : _task(this), _timer(&_task) {}
    const char *class_name() const override { return "RatedSource"; }
    const char *port_count() const override { return PORTS_0_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    bool run_task(Task *) override;
    Packet *pull(int) override {
        PacketBatch *b = due(1);
        return b ? b->first() : nullptr;
    }
    PacketBatch *pull_batch(int, unsigned max) override { return due(max); }

  private:
    Task _task;
    Timer _timer;
    NotifierSignal _nonfull;
    RateBucket _bucket;
    String _data;
    Packet *_packet = nullptr;
    int64_t _limit = -1, _count = 0;
    int _length = -1;
    bool _active = true, _stop = false, _stopped = false;

    bool done() const { return _limit >= 0 && _count >= _limit; }
    void set_rate(uint64_t rate) { _bucket.set(rate, rate < 200 ? 1 : rate / 100); }
    PacketBatch *due(unsigned max);
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
