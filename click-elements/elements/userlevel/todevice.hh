#ifndef CLICK_TODEVICE_USERLEVEL_HH
#define CLICK_TODEVICE_USERLEVEL_HH
#include <click/element.hh>
#include <click/task.hh>
#include <click/notifier.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
ToDevice(DEVNAME [, BURST, METHOD, DEBUG])
=s netdevices
sends packets to a network device
=d
Pulls Ethernet frames and sends them through a packet socket, up to BURST (32) a system call, past the queueing
discipline. Sleeps while its input is empty. A frame that the device refuses for lack of room waits; one that it
refuses for good (too long, for example) is dropped and counted.

When the device goes away, which the next packet finds out, an error is printed once, packets are pulled and dropped, and
`alive` reads false. While it is down, packets are dropped.
=h count read-only
=h drops read-only
=h reset_counts write-only
=h alive read-only
=a FromDevice, Queue
*/
class ToDevice : public Element { public:
    ToDevice() : _task(this), _timer(&_task) {}
    const char *class_name() const override { return "ToDevice"; }
    const char *port_count() const override { return PORTS_1_0; }
    const char *processing() const override { return PULL; }
    int configure_phase() const override { return CONFIGURE_PHASE_PRIVILEGED; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    bool run_task(Task *) override;

  private:
    enum { max_burst = 64 };
    Task _task;
    Timer _timer;
    NotifierSignal _signal;
    String _devname;
    int _fd = -1, _ifindex = 0, _burst = 32;
    bool _alive = false;
    Packet *_waiting[max_burst];
    int _nwaiting = 0;
    uint64_t _count = 0, _drops = 0;

    int send(int n);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
