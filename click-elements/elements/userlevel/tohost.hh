#ifndef CLICK_TOHOST_USERLEVEL_HH
#define CLICK_TOHOST_USERLEVEL_HH
#include "elements/userlevel/fromhost.hh"
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
ToHost(DEVNAME)
=s comm
gives Ethernet frames to the host's kernel
=d
The host receives the frames on the interface DEVNAME, which a FromHost with that name must have made.
=h drops read-only
Frames that the host did not take.
=h dev_name read-only
=a FromHost, KernelTap
*/
class ToHost : public BatchElement { public:
    const char *class_name() const override { return "ToHost"; }
    const char *port_count() const override { return PORTS_1_0; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void push(int, Packet *) override;
    void push_batch(int, PacketBatch *) override;
  private:
    String _name;
    FromHost *_host = nullptr;
    uint64_t _drops = 0;
    void send(const Packet *p) { _drops += p->length() < 14 || _host->device().send(p) < 0; }
};

CLICK_ENDDECLS
#endif
