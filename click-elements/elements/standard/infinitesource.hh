#ifndef CLICK_INFINITESOURCE_HH
#define CLICK_INFINITESOURCE_HH
#include <click/batchelement.hh>
#include <click/task.hh>
#include <click/notifier.hh>
CLICK_DECLS

/*
=c
InfiniteSource([DATA, LIMIT, BURST, ACTIVE, LENGTH, TIMESTAMP, STOP])
=s basicsources
generates packets as fast as possible
=d
Packets hold DATA (cut or repeated to LENGTH, if given). LIMIT packets in all (-1, the default: without end),
BURST (1) a turn. With STOP true, the router stops when LIMIT is reached. On a pull output, gives a packet a pull;
what pulls sleeps when there are no more.
=h count read-only
=h reset write-only
=h active read/write
=h data read/write
The bytes themselves, as they are.
=h length read/write
=h limit read/write
=h burst read/write
=a TimedSource
*/
class InfiniteSource : public BatchElement { public:
    InfiniteSource() : _task(this) {}
    const char *class_name() const override { return "InfiniteSource"; }
    const char *port_count() const override { return PORTS_0_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void *port_cast(bool isoutput, int port, const char *name) override;
    bool run_task(Task *) override;
    Packet *pull(int) override;
    PacketBatch *pull_batch(int, unsigned max) override;

  private:
    Task _task;
    NotifierSignal _nonfull;
    ActiveNotifier _nonempty;       // sleeps once a pull found nothing
    Packet *_packet = nullptr;
    String _data;
    int64_t _limit = -1, _count = 0;
    int _burst = 1, _length = -1;
    bool _active = true, _stop = false, _stopped = false, _timestamp = false;

    bool done() const { return _limit >= 0 && _count >= _limit; }
    unsigned within_limit(unsigned n) const { return _limit < 0 || _limit - _count > n ? n : _limit > _count ? (unsigned) (_limit - _count) : 0; }
    Packet *next();
    PacketBatch *next_batch(unsigned n);
    static String read_data_text(Element *, void *);
    enum { h_reset, h_active, h_data, h_length, h_limit, h_burst, most_burst = 1 << 20 };
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
