#ifndef CLICK_KERNELTUN_HH
#define CLICK_KERNELTUN_HH
#include "elements/userlevel/tundevice.hh"
#include <click/batchelement.hh>
#include <click/notifier.hh>
#include <click/task.hh>
CLICK_DECLS

/*
=c
KernelTun(ADDR/MASK [, GATEWAY, HEADROOM, ETHER, MTU, BURST, IGNORE_QUEUE_OVERFLOWS, DEVNAME])
=s comm
gives IP packets to the host's kernel and takes them from it
=d
Makes a network interface on the host (/dev/net/tun) with the address ADDR and the netmask MASK. IP packets that the host sends to other
addresses of that network come out of output 0; packets into the input, if there is one, are received by the host. GATEWAY, an
address of that network, makes the interface the host's default route. When the router ends, the interface does.

Packets have no Ethernet header; their network header is set. What is not IP goes to output 1, if there is one.

DEVNAME is the interface's name; by default the kernel chooses one. MTU (1500), at least 21. HEADROOM (128, at most 512) is left in front of the
data. BURST (32) is how many are read before others have their turn. ETHER is for KernelTap. The host cuts and sums what it
sends before it gets here. A packet that the host does not take is dropped; that is printed, but with
IGNORE_QUEUE_OVERFLOWS true only the first time for lack of room.

In a hot swap the interface stays if the new configuration has one with the same arguments.
=h dev_name read-only
=h packets read-only
Packets read.
=h drops read-only
Packets that the host did not take.
=h selected_calls read-only
=a KernelTap, FromHost, FromDevice
*/
class KernelTun : public BatchElement { public:
    KernelTun() : _task(this), _read_more(again, this) {}
    const char *class_name() const override { return "KernelTun"; }
    const char *port_count() const override { return "0-1/1-2"; }
    const char *processing() const override { return "a/h"; }
    const char *flow_code() const override { return "x/y"; }
    int configure_phase() const override { return CONFIGURE_PHASE_PRIVILEGED - 1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    Element *hotswap_element() const override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void selected(int fd, int mask) override;
    bool run_task(Task *) override;
    void push(int, Packet *) override;
    void push_batch(int, PacketBatch *) override;

  protected:
    TunDevice::Settings _settings;

  private:
    enum { max_burst = 256 };
    TunDevice _device;
    Task _task, _read_more;         // pulling; reading after a full burst
    NotifierSignal _signal;
    int _burst = 32;
    bool _ignore_overflows = false, _told_overflow = false, _promised = false;
    uint64_t _packets = 0, _drops = 0, _selected = 0;

    int open(ErrorHandler *);
    bool receive();
    void send(Packet *);
    static bool again(Task *, void *e);
    static String read_name(Element *, void *);
};

CLICK_ENDDECLS
#endif
