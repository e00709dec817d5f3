#ifndef CLICK_TODUMP_HH
#define CLICK_TODUMP_HH
#include <click/element.hh>
#include <click/task.hh>
#include <click/notifier.hh>
#include "elements/userlevel/pcapfile.hh"
CLICK_DECLS

/*
=c
ToDump(FILENAME [, SNAPLEN, ENCAP ETHER|IP, UNBUFFERED])
=s traces
writes packets to a pcap file
=d
At most SNAPLEN (262144) bytes of each. Packets without time stamp get the present one. Passes them on if output 0 is
connected. Stops writing, with a message, when the disk is full. UNBUFFERED true writes each packet at once.
=h count read-only
=h filename read-only
=a FromDump
*/
class ToDump : public Element { public:
    ToDump() : _task(this) {}
    const char *class_name() const override { return "ToDump"; }
    const char *port_count() const override { return "1/0-1"; }
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
    bool _unbuffered = false;
    uint64_t _count = 0;
};

CLICK_ENDDECLS
#endif
