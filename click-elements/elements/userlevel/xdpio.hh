#ifndef LCLICK_XDPIO_HH
#define LCLICK_XDPIO_HH
#include "elements/userlevel/frameio.hh"
CLICK_DECLS
namespace frameio {

class XdpPort;

/** AF_XDP: frames are taken before the kernel's stack sees them. */
class XdpReceiver : public Receiver { public:
    explicit XdpReceiver(Tally &t) : Receiver(t) {}
    ~XdpReceiver();
    int open(const Options &, ErrorHandler *) override;
    int receive(int max, BatchBuilder &) override;
    uint64_t kernel_drops() override;
    String describe() const override;
    void move_to(const Router *, Tally &) override;
  private:
    XdpPort *_port = nullptr;
    const Router *_router = nullptr;
    int _headroom = 0, _protocol = 0;
    uint64_t _told = 0;         // drops that were
};

class XdpSender : public Sender { public:
    ~XdpSender();
    int open(const Options &, ErrorHandler *) override;
    int send(Packet *const *, int n) override;
    bool behind() override;
    String describe() const override;
  private:
    XdpPort *_port = nullptr;
    LengthLimit _limit;
    bool _trouble = false;      // the device did not take what is queued
    int kick();
};

}
CLICK_ENDDECLS
#endif
