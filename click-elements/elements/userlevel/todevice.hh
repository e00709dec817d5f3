#ifndef CLICK_TODEVICE_USERLEVEL_HH
#define CLICK_TODEVICE_USERLEVEL_HH
#include "elements/userlevel/frameio.hh"
#include <click/element.hh>
#include <click/notifier.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
ToDevice(DEVNAME [, BURST, METHOD, DEBUG])
=s netdevices
sends packets to a network device
=d
Pulls Ethernet frames and sends them, up to BURST (32, at most 256) at a time, past the queueing discipline. Sleeps while its input is
empty. A frame that the device refuses for lack of room waits; one that it refuses for good (too long, for example) is dropped
and counted. Frames that were sent go to output 0, others to output 1, if there are such outputs.

METHOD is LINUX (or PCAP, DEFAULT), a packet socket, up to 64 frames a system call; PACKET_MMAP (or RING), a packet socket's send
ring of 1,024 frames; or AF_XDP (or XDP). See FromDevice. Without one, it is that of the device's FromDevice, if that has
AF_XDP, else LINUX. A ring accepts frames before the device does: what the device then refuses is not known here.

When the device goes away, which the next packet finds out, an error is printed once, packets are pulled and dropped, and
`alive` reads false. It is looked for four times a second, by its name. While it is down, packets are dropped.
=h count read-only
=h drops read-only
=h reset_counts write-only
=h alive read-only
=h method read-only
=h pulls read-only
How often the input was asked.
=h q read-only
Does a packet wait for room?
=h signal read-only
=a FromDevice, Queue
*/
class ToDevice : public Element { public:
    ToDevice() : _task(this), _wait(&_task), _look(this) {}
    const char *class_name() const override { return "ToDevice"; }
    const char *port_count() const override { return "1/0-2"; }
    const char *processing() const override { return "l/h"; }
    int configure_phase() const override { return CONFIGURE_PHASE_PRIVILEGED; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    Element *hotswap_element() const override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    bool run_task(Task *) override;
    void run_timer(Timer *) override;

  private:
    enum { gone_poll_ms = 250 };
    Task _task;
    Timer _wait, _look;         // for room; for the device
    NotifierSignal _signal;
    frameio::Options _options;
    frameio::Method _method = frameio::automatic;
    frameio::Sender *_sender = nullptr;
    bool _promised = false;     // one, by the router before
    int _burst = 32, _nwaiting = 0;
    Packet *_waiting[frameio::max_burst];
    uint64_t _count = 0, _drops = 0, _pulls = 0;

    int open(ErrorHandler *);
    void flush();
    void done(int n, int port);
    void trouble(int error);
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
