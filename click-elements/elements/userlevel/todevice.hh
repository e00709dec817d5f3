#ifndef CLICK_TODEVICE_USERLEVEL_HH
#define CLICK_TODEVICE_USERLEVEL_HH
#include "elements/userlevel/gsoio.hh"
#include <click/element.hh>
#include <click/task.hh>
#include <click/notifier.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
ToDevice(DEVNAME [, BURST, METHOD, GSO, DEBUG])
=s netdevices
sends packets to a network device
=d
Pulls Ethernet frames and sends them, up to BURST (32, at most 512) at a time, past the queueing discipline. Sleeps while its input is
empty. A frame that the device refuses for lack of room waits; one that it refuses for good (too long, for example) is dropped
and counted. Frames that were sent go to output 0, others to output 1, if there are such outputs.

METHOD is how:
  DEFAULT (or PCAP)          AF_XDP if the device's FromDevice has that, else LINUX, and AF_XDP from when more than 20,000 packets a
                             second go, if the device's first queue is free for it, until the end.
  LINUX                      a packet socket, up to 64 frames a system call.
  PACKET_MMAP (or RING)      a packet socket's send ring of 512 frames. For small frames it is not better than LINUX.
  AF_XDP (or XDP)            an AF_XDP socket on the first queue; frames up to 2,048 bytes, or 4,096 if the MTU is more than
                             1,774. It takes half the CPU time a packet. See FromDevice.
A ring accepts frames before the device does: what the device then refuses is not known here.

GSO auto or true sends packets that belong together as one frame (generic segmentation offload), through a packet socket beside METHOD's,
which still sends all others: consecutive segments of a TCP connection, or datagrams of a UDP flow, up to 64 KB of a burst, of one size
but for the last one. The device cuts it, and what leaves is bit by bit what came: where it would not be, if only an IPv4 identification
that does not count up, or a wrong checksum, packets go as they are. Two more values say what may change:
  atomic    the IPv4 identification of what has "don't fragment" set and is no fragment, which all who get it must ignore (RFC 6864
            section 4.1); it counts up then. Sockets that discover the path's MTU by themselves, as QUIC's, send 0.
  summed    that, and the checksum of UDP datagrams over IPv4 that have none, as many tunnels send them: they leave with a right one.
They do nothing, as auto does, where the device cuts nothing.

Packets of a flow need not stand beside each other: of what is pulled at a time those are sent first that share a flow, flow by flow, then
those that are alone; nothing is waited for. So packets of different flows may pass each other, within a burst, which no network promises
not to do. A flow keeps its order (a TCP connection or UDP flow, one way); and IP packets that tell no ports, as
fragments, ICMP, ESP and what is behind IPv6 extension headers, keep their place among all that goes the same way between their two addresses; and what is
not IP, among itself. A packet that is no part of a stream (a pure ACK, SYN, RST) ends what was put together of its connection.

GSO is done for what `ethtool -k` says that the device cuts
(tx-tcp-segmentation and tx-tcp6-segmentation; tx-udp-segmentation); if that is nothing, auto does nothing and true is an error. A
veth device says so and cuts nothing: its other end receives the frame whole, its checksum partial, as it does those of any host.
FromDevice and the kernel understand that, a program that reads a packet socket and knows nothing of it does not, so
the default is false. A frame is made of packets of one burst: for many flows in turn a BURST of 512 here and at FromDevice serves best,
and a FromDevice whose COALESCE lets some gather. Two packets in a frame cost what they cost by themselves, eight less than half.

When the device goes away, which the next packet finds out, an error is printed once, packets are pulled and dropped, and
`alive` reads false. It is looked for four times a second, by its name. If there is another one of that name by then, it gets that packet. While it is down, packets are dropped.
=h count read-only
=h drops read-only
=h reset_counts write-only
=h alive read-only
=h method read-only
=h pulls read-only
How often the input was asked.
=h gso_frames read-only
Frames sent that several packets went into.
=h gso_packets read-only
The packets in them.
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
    enum { gone_poll_ms = 250, busy_packets = 8192, busy_ms = 400 };
    Task _task;
    Timer _wait, _look;         // for room; for the device
    NotifierSignal _signal;
    frameio::Options _options;
    frameio::Method _method = frameio::automatic;
    frameio::Sender *_sender = nullptr;
    frameio::Gso _gso = frameio::gso_off;
    frameio::GsoSender *_together = nullptr;    // with GSO, as long as there is _sender
    bool _promised = false;     // one, by the router before
    bool _may_upgrade = false, _upgraded = false;
    uint64_t _busy_from = 0;    // singles(), when the last look at the load was
    Timestamp _busy_since;
    int _burst = 32, _nwaiting = 0;
    Packet *_waiting[frameio::max_burst];
    uint64_t _count = 0, _drops = 0, _pulls = 0;

    int open(ErrorHandler *);
    void flush();
    int send();
    uint64_t singles() const { return _count - (_together ? _together->packets : 0); }
    void look_at_load();
    void close();
    void change_sender(frameio::Method);
    void done(int n, int port);
    void trouble(int error);
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
