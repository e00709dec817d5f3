#ifndef CLICK_TODPDKDEVICE_HH
#define CLICK_TODPDKDEVICE_HH
#include "dpdkdevice.hh"
#include <click/task.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
ToDPDKDevice(PORT [, QUEUE, IQUEUE, BLOCKING, BURST, TIMEOUT, NDESC, ALLOW_NONEXISTENT])
=s netdevices
sends packets to a DPDK port
=d
Only with `lclick --dpdk`. Sends the Ethernet frames pushed to it to the DPDK port PORT, its number or its name. They are copied into DPDK's
buffers and gathered in a queue of IQUEUE (1024) frames; once BURST (32, at most 256) are there, all are sent. Fewer are sent after TIMEOUT
milliseconds; 0, the default, is as soon as the packets at hand have gone their way, and -1 never, so that the last frames wait for
others to come.

QUEUE is the send queue; by default each ToDPDKDevice of a port takes the next one, and all up to the highest must be used. NDESC (1024) is its
size. With BLOCKING true, the default, a packet for which there is no room waits until the device takes one, but not for ever as in Click,
since the one thread serves all: when the device has taken nothing for 10 milliseconds the packet is dropped, and so is what follows until
the device takes frames again. With BLOCKING false it is dropped at once.

Frames of less than 14 bytes, and those that do not fit into a buffer (2,048 bytes; see DPDKInfo), are dropped.
With ALLOW_NONEXISTENT true a port that is not there is no error, and packets are dropped.
=h count read-only
Frames that the device took.
=h dropped read-only
=h reset_counts write-only
=h queued read-only
Frames that wait.
=h hw_count read-only
Frames sent by the whole device, as it counts them; Click's other names for its counts follow.
=h hw_bytes read-only
=h hw_errors read-only
=h device read-only
The port's number.
=h mac read-only
=h carrier read-only
=h speed read-only
=h duplex read-only
=h autoneg read-only
=h nb_rx_queues read-only
=h nb_tx_queues read-only
=h xstats read-only
The driver's statistics, a line each; with a name, its value.
=a FromDPDKDevice, DPDKInfo, ToDevice
*/
class ToDPDKDevice : public DPDKDevice { public:
    ToDPDKDevice() : _task(this), _timer(this) {}
    const char *class_name() const override { return "ToDPDKDevice"; }
    const char *port_count() const override { return PORTS_1_0; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void push(int port, Packet *p) override { push_batch(port, PacketBatch::make_from_packet(p)); }
    void push_batch(int port, PacketBatch *) override;
    bool run_task(Task *) override;
    void run_timer(Timer *) override;

  private:
    enum { patience_us = 10000, first_retry_us = 100, last_retry_us = 10000 };
    Task _task;
    Timer _timer;
    Vector<rte_mbuf *> _waiting;    // a ring of IQUEUE places
    int _head = 0, _n = 0;
    int _burst = 32, _timeout_ms = 0, _retry_us = first_retry_us;
    bool _blocking = true, _stalled = false;
    uint64_t _count = 0, _dropped = 0;

    rte_mbuf *copy(const Packet *);
    bool enqueue(const Packet *);
    int send();
    bool make_room();
    void schedule();
    void retry();
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
