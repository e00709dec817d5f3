#ifndef LCLICK_SOCKETIO_HH
#define LCLICK_SOCKETIO_HH
#include "elements/userlevel/frameio.hh"
CLICK_DECLS
namespace frameio {

/** recvmmsg() into pooled packets. */
class SocketReceiver : public Receiver { public:
    explicit SocketReceiver(Tally &t) : Receiver(t) {}
    ~SocketReceiver();
    int open(const Options &, ErrorHandler *) override;
    int receive(int max, BatchBuilder &) override;
    uint64_t kernel_drops() override { return socket_drops(_fd); }
    String describe() const override { return "LINUX"; }
  private:
    struct Slots;
    Slots *_slots = nullptr;
    int _headroom = 0, _next = 0, _got = 0;     // of the slots that the last call filled, the first that is not delivered
    int fill(int max);
    void deliver(int slot, BatchBuilder &);
};

/** sendmmsg() past the queueing discipline. */
class SocketSender : public Sender { public:
    ~SocketSender();
    int open(const Options &, ErrorHandler *) override;
    int send(Packet *const *, int n) override;
    String describe() const override { return "LINUX"; }
  private:
    struct Slots;
    Slots *_slots = nullptr;
};

/** Past the queueing discipline, with a send buffer for bursts. */
void prepare_to_send(int fd);

}
CLICK_ENDDECLS
#endif
