#ifndef CLICK_FROMDUMP_HH
#define CLICK_FROMDUMP_HH
#include <click/element.hh>
#include <click/task.hh>
#include <click/notifier.hh>
#include <click/timer.hh>
#include "elements/userlevel/pcapfile.hh"
CLICK_DECLS

/*
=c
FromDump(FILENAME [, STOP, TIMING, ACTIVE])
=s traces
reads packets from a pcap file
=d
Both byte orders, micro- and nanoseconds; FILENAME C<-> is standard input. With TIMING true, packets come at the
intervals of the trace; else as fast as they are taken. With STOP true, the router stops at the end. A damaged file
ends with a message where it is damaged. On a pull output, gives a packet a pull.
=h count read-only
=h filename read-only
=h active read/write
=a ToDump
*/
class FromDump : public Element { public:
    FromDump() : _task(this), _timer(&_task) {}
    const char *class_name() const override { return "FromDump"; }
    const char *port_count() const override { return PORTS_0_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    bool run_task(Task *) override;
    Packet *pull(int) override;

  private:
    enum : uint32_t { max_packet = 262144 };
    Task _task;
    Timer _timer;
    NotifierSignal _nonfull;
    String _filename;
    FILE *_file = nullptr;
    bool _stop = false, _timing = false, _active = true, _swap = false, _ns = false, _ended = false;
    Packet *_next = nullptr;
    Timestamp _offset;
    uint64_t _count = 0;

    uint32_t order(uint32_t x) const { return _swap ? __builtin_bswap32(x) : x; }
    Packet *read_packet();
    void ended();
    static int write_active(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
