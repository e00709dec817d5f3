#ifndef CLICK_FROMDEVICE_USERLEVEL_HH
#define CLICK_FROMDEVICE_USERLEVEL_HH
#include "elements/userlevel/ringupgrade.hh"
#include <click/element.hh>
#include <click/task.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
FromDevice(DEVNAME [, PROMISC, SNAPLEN, SNIFFER, METHOD, BURST, HEADROOM, ACTIVE, FORCE_IP, PROTOCOL, OUTBOUND, TIMESTAMP, COALESCE])
=s netdevices
reads packets from a network device
=d
Reads Ethernet frames from DEVNAME, at most BURST (32, at most 512) before others have their turn, without blocking, and pushes
them as a batch. Packet type and MAC header are set, and the time unless TIMESTAMP is false. PROMISC true sets promiscuous mode; while
the process starts, that is asked for beside its work, since the kernel may take its time, and what cannot be had is told on standard error.

While more than 50,000 packets a second come, but fewer at a time than half a burst, COALESCE (40) microseconds pass between one look
and the next, so that the work of a system call is shared by several packets, as network cards do it. 0 never waits.

METHOD is how:
  DEFAULT (or PCAP)          LINUX, and PACKET_MMAP from when more than 20,000 packets a second come, until the end.
  LINUX                      a packet socket, up to 64 frames a system call.
  PACKET_MMAP (or RING)      a packet socket's receive ring, 2,048 frames (4 MiB with an MTU up to 1,900). It takes half the CPU time
                             a packet. To open one makes the kernel wait for a grace period, some 20 ms.
  AF_XDP (or XDP)            an XDP program takes the frames of the first receive queue away from the kernel, before its stack sees
                             them: natively and without copying where the driver can. MTU up to 3,822; one FromDevice a device;
                             no OUTBOUND. On a veth device the sender's kernel cuts what waits for segmentation offload, but a
                             VLAN tag that its kernel holds beside the frame is lost (`ethtool -K PEER txvlan off` keeps it), and
                             of a partial checksum nothing tells: see below. FromDevice and ToDevice of a device share one socket.

What a virtual device leaves undone is done here, since a frame may go anywhere from here: a partial TCP or
UDP checksum (CHECKSUM_PARTIAL) is completed, a VLAN tag that the kernel took out is put back, and a TCP or UDP frame that
waits for segmentation offload, up to 64 KB, is cut into the frames that the kernel would make of it, inside of VXLAN, GENEVE, GTP-U, GRE
and IP in IP as well; so the elements behind see ordinary packets. A burst is over when its packets are as many. Other
offloaded frames (SCTP) are dropped and counted in `oversize`. With AF_XDP the sender's kernel cuts, and
a checksum is taken for partial if it is the pseudo-header's sum, which changes no frame that was right. ToDevice with GSO
puts segments together again.

By default the kernel sees the packets as well. SNIFFER false keeps IP, ARP and all else of this device from it (a traffic-control
program at ingress, Linux 6.6 and later; METHOD AF_XDP does it anyway).

SNAPLEN cuts packets to this length (default: not at all); the extra length annotation says how much is gone. FORCE_IP
true lets only IP packets pass, their network header set; others go to output 1, if there is one. PROTOCOL, an Ethernet type,
reads only its packets. OUTBOUND true reads those that the kernel sends, too; not those
of ToDevice, which go past the hooks for that. BPF_FILTER is refused, except with METHOD
LINUX, which ignores it as Click does; ENCAP is ignored.

When the device goes away, an error is printed once, the process stays, and `alive` reads false: its other
devices, and its handlers, still serve. It is looked for four times a second, by its name; when it is back, packets are read again.
One that was only down and comes up again is read on.
=h count read-only
Frames, after segmentation.
=h reset_counts write-only
=h drops read-only
Frames the kernel dropped because its buffer was full. `kernel_drops` is the same.
=h kernel_drops read-only
=h oversize read-only
Frames lost because they were offloaded in a way that cannot be made good, or too long.
=h gso_frames read-only
Offloaded frames that were cut.
=h alive read-only
=h encap read-only
=h method read-only
What is in use, for example `AF_XDP native copy`.
=h active read/write
=a ToDevice, KernelTap
*/
class FromDevice : public Element { public:
    FromDevice() : _task(this), _timer(this) {}
    const char *class_name() const override { return "FromDevice"; }
    const char *port_count() const override { return "0/1-2"; }
    const char *processing() const override { return PUSH; }
    int configure_phase() const override { return CONFIGURE_PHASE_PRIVILEGED; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    Element *hotswap_element() const override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void selected(int fd, int mask) override;
    bool run_task(Task *) override;
    void run_timer(Timer *) override;

    const String &device() const { return _options.device; }
    frameio::Method method() const { return _method; }
    /** Can a program decide which packets come up from the kernel? */
    bool takes_decisions() const { return _method != frameio::xdp && !_options.protocol; }
    /** From now on this one does, a descriptor that stays the caller's, and open; -1: all come. False if it does not. */
    bool decide(int program);

  private:
    enum { down_poll_ms = 100, gone_poll_ms = 250, busy_packets = 8192, busy_ms = 400, dense_packets = 1024, dense_ms = 20 };
    Task _task;
    Timer _timer;          // while the device is down or gone
    frameio::Options _options;
    frameio::Method _method = frameio::pcap;
    frameio::Receiver *_receiver = nullptr;
    frameio::Tally _tally;
    frameio::RingUpgrade *_upgrade = nullptr;   // under way
    bool _may_upgrade = false;
    uint64_t _busy_from = 0;                    // _count, when the last look at the load was
    Timestamp _busy_since;
    int _coalesce = 40, _last_batch = 0;
    bool _dense = false, _pausing = false;      // do packets come thick and fast; so let some gather
    uint64_t _dense_from = 0;
    Timestamp _dense_since;
    int _burst = 32, _snaplen = 0, _steal = -1;
    bool _sniffer = true, _force_ip = false, _active = true, _timestamp = true, _promised = false;
    unsigned char _address[6] = {};
    uint64_t _count = 0, _drops = 0;

    int open(ErrorHandler *);
    void close();
    void watch(bool on);
    void trouble(int error);
    int keep_from_kernel(ErrorHandler *);
    bool receive();
    bool apply_program();
    void look_at_density();
    void pause();
    void handle(PacketBatch *);
    void look_at_load();
    void upgrade();
    bool without_twins();
    void end_upgrade();
    PacketBatch *only_ip(PacketBatch *);
    bool is_there(bool *up = nullptr) const;
    void device_gone(int error);
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
