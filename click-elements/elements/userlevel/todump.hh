#ifndef CLICK_TODUMP_HH
#define CLICK_TODUMP_HH
#include <click/element.hh>
#include <click/task.hh>
#include <click/notifier.hh>
#include "elements/userlevel/pcapfile.hh"
CLICK_DECLS

/*
=c
ToDump(FILENAME [, SNAPLEN, ENCAP, USE_ENCAP_FROM, EXTRA_LENGTH, NANO, UNBUFFERED])
=s traces
writes packets to a pcap file
=d
At most SNAPLEN (262144, which is also what 0 means; Click: 2000) bytes of each. ENCAP says what the packets begin with: ETHER (the default), IP, NULL, SLL, PPP,
802_11 and others; USE_ENCAP_FROM names elements whose C<encap> handlers say it. The extra-length annotation counts in the length noted unless EXTRA_LENGTH is
false. Times are in nanoseconds unless NANO is false. Packets without time stamp get the present one. Passes them on if output 0 is
connected. Stops writing, with a message, when the disk is full. UNBUFFERED true writes each packet at once.
=h count read-only
=h reset_counts write-only
=h filename read-only
=a FromDump
*/
class ToDump : public Element { public:
    ToDump() : _task(this) {}
    const char *class_name() const override { return "ToDump"; }
    const char *port_count() const override { return "1/0-1"; }
    int configure_phase() const override { return CONFIGURE_PHASE_DEFAULT + 1; }       // after those whose encap it asks for
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;
    void push(int, Packet *) override;
    bool run_task(Task *) override;

  private:
    Task _task;
    NotifierSignal _signal;
    String _filename;
    FILE *_file = nullptr;
    uint32_t _snaplen = 262144, _linktype = 1;
    bool _unbuffered = false, _extra_length = true, _nano = true;
    Vector<Element *> _encap_from;
    uint64_t _count = 0;
    bool set_encap(const String &);
    static int reset(const String &, Element *e, void *, ErrorHandler *) { static_cast<ToDump *>(e)->_count = 0; return 0; }
};

CLICK_ENDDECLS
#endif
