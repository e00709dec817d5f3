#ifndef CLICK_FROMHOST_USERLEVEL_HH
#define CLICK_FROMHOST_USERLEVEL_HH
#include "elements/userlevel/tundevice.hh"
#include <click/element.hh>
#include <click/notifier.hh>
#include <click/task.hh>
CLICK_DECLS

/*
=c
FromHost(DEVNAME [, DST] [, GATEWAY, HEADROOM, ETHER, MTU, DST6])
=s comm
takes Ethernet frames from the host's kernel
=d
Makes an Ethernet interface DEVNAME on the host, or takes over one that exists and is persistent; what the host sends on it comes out.
DST is the host's address and prefix there, DST6 an IPv6 one; without them addresses are left as they are. GATEWAY, an address of DST's network,
makes it the default route. ETHER, MTU, HEADROOM as in KernelTap, which is preferable for most purposes. Reads
nothing while a full queue follows. The host's ARP queries must be answered, see KernelTap.
=h dev_name read-only
=h signal read-only
May packets be pushed?
=a ToHost, KernelTap
*/
class FromHost : public Element { public:
    FromHost() : _task(this) {}
    const char *class_name() const override { return "FromHost"; }
    const char *port_count() const override { return PORTS_0_1; }
    const char *processing() const override { return PUSH; }
    int configure_phase() const override { return CONFIGURE_PHASE_DEFAULT; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    Element *hotswap_element() const override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void selected(int fd, int mask) override;
    bool run_task(Task *) override;

    TunDevice &device() { return _device; }
    const String &dev_name() const { return _settings.name; }

  private:
    enum { burst = 32 };
    TunDevice::Settings _settings;
    TunDevice _device;
    Task _task;
    NotifierSignal _nonfull;
    int open(ErrorHandler *);
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
