#ifndef CLICK_FROMDEVICE_USERLEVEL_HH
#define CLICK_FROMDEVICE_USERLEVEL_HH
#include <click/element.hh>
#include <click/task.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
FromDevice(DEVNAME [, PROMISC, SNIFFER, SNAPLEN, METHOD, BURST, HEADROOM, ACTIVE, FORCE_IP, OUTBOUND])
=s netdevices
reads packets from a network device
=d
Reads Ethernet frames from DEVNAME through a packet socket, BURST (32) a system call, without blocking. PROMISC true
sets promiscuous mode. METHOD must be LINUX. SNIFFER false (steal packets from the kernel) is refused; the kernel
sees them as well. TIMESTAMP false leaves out the arrival time.

What a virtual device leaves undone is done here, since a frame may go anywhere from here: a partial TCP or
UDP checksum (CHECKSUM_PARTIAL) is completed, a VLAN tag that the kernel took out is put back, and a TCP frame that
waits for segmentation offload is cut into segments. Other offloaded frames are dropped and counted in `oversize`.

When the device goes away, an error is printed once, the process stays, and `alive` reads false: its other
devices, and its handlers, still serve. A device that comes back is not found again; restart. One that was only down
and comes up again is read on; while it is down, it is looked for ten times a second.
=h count read-only
Frames, after segmentation.
=h reset_counts write-only
=h drops read-only
Frames the kernel dropped because its buffer was full.
=h oversize read-only
=h gso_frames read-only
Offloaded frames that were cut.
=h alive read-only
=a ToDevice
*/
class FromDevice : public Element { public:
    FromDevice() : _task(this), _timer(this) {}
    const char *class_name() const override { return "FromDevice"; }
    const char *port_count() const override { return PORTS_0_1; }
    const char *processing() const override { return PUSH; }
    int configure_phase() const override { return CONFIGURE_PHASE_PRIVILEGED; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void selected(int fd, int mask) override;
    bool run_task(Task *) override;
    void run_timer(Timer *) override;

  private:
    struct Batch;
    enum { down_poll_ms = 100 };
    Task _task;
    Timer _timer;          // while the device is down
    String _devname;
    int _fd = -1, _ifindex = 0, _burst = 32, _headroom = 128;
    bool _promisc = false, _outbound = false, _active = true, _timestamp = true, _alive = false;
    uint64_t _count = 0, _drops = 0, _oversize = 0, _gso = 0;
    Batch *_batch = nullptr;

    int open_socket(ErrorHandler *);
    bool receive();
    void deliver(int slot, uint32_t length);
    void emit(WritablePacket *);
    bool is_there(bool *up = nullptr) const;
    void device_gone(int error);
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
