#ifndef CLICK_FROMDUMP_HH
#define CLICK_FROMDUMP_HH
#include <click/element.hh>
#include <click/task.hh>
#include <click/handlercall.hh>
#include <click/notifier.hh>
#include <click/timer.hh>
#include "elements/userlevel/pcapfile.hh"
CLICK_DECLS

/*
=c
FromDump(FILENAME [, STOP, TIMING, ACTIVE, SAMPLE, FORCE_IP, START, START_AFTER, END, END_AFTER, INTERVAL, END_CALL, FILEPOS, MMAP])
=s traces
reads packets from a pcap file
=d
Both byte orders, micro- and nanoseconds; FILENAME C<-> is standard input. With TIMING true, packets come at the
intervals of the trace; else as fast as they are taken. With STOP true, the router stops at the end; END_CALL writes a handler then. A damaged file
ends with a message where it is damaged. On a pull output, gives a packet a pull.

SAMPLE is the probability with which packets are taken. FORCE_IP true takes only IPv4 packets, with their header annotation set; the others leave on output 1, if
connected. START (seconds since 1970) or START_AFTER (the first packet) skips what is before, END or END_AFTER (the first packet) or
INTERVAL (after the first packet taken) ends before what is at or after it. FILEPOS begins at that offset in the file. What the file says was cut off goes to the extra-length
annotation. MMAP changes nothing; compressed files are refused.
=h count read-only
=h reset_counts write-only
=h filename read-only
=h filesize read-only
=h filepos read/write
=h packet_filepos read-only
Of the last packet.
=h encap read-only
=h sampling_prob read-only
=h active read/write
=h stop write-only
=h extend_interval write-only
=h reset_timing write-only
=a ToDump
*/
class FromDump : public Element { public:
    FromDump() : _task(this), _timer(&_task) {}
    const char *class_name() const override { return "FromDump"; }
    const char *port_count() const override { return "0/1-2"; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void *port_cast(bool isoutput, int port, const char *name) override;
    bool run_task(Task *) override;
    Packet *pull(int) override;

  private:
    enum : uint32_t { max_packet = 262144 };
    Task _task;
    Timer _timer;
    NotifierSignal _nonfull;
    ActiveNotifier _nonempty;       // sleeps once a pull found nothing
    String _filename;
    FILE *_file = nullptr;
    bool _stop = false, _timing = false, _active = true, _swap = false, _ns = false, _ended = false;
    Packet *_next = nullptr;
    Timestamp _offset;
    uint64_t _count = 0;
    bool _force_ip = false, _have_first = false, _have_start = false, _have_end = false;
    enum { k_absolute, k_after, k_interval } _start_kind = k_absolute, _end_kind = k_absolute;
    Timestamp _start, _end;
    HandlerCall _end_call;
    uint64_t _sample = uint64_t(1) << 32;       // of 2^32
    uint32_t _linktype = 1;
    int64_t _filepos = 0, _packet_filepos = 0, _wanted_filepos = -1;

    uint32_t order(uint32_t x) const { return _swap ? __builtin_bswap32(x) : x; }
    Packet *read_record();
    Packet *read_packet();
    bool set_ip_header(Packet *) const;
    void ended();
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
