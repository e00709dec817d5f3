#ifndef CLICK_FROMDPDKDEVICE_HH
#define CLICK_FROMDPDKDEVICE_HH
#include "dpdkdevice.hh"
#include <click/task.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
FromDPDKDevice(PORT [, QUEUE, PROMISC, BURST, NDESC, MAC, MTU, ACTIVE, ALLOW_NONEXISTENT, TIMESTAMP, IDLE])
=s netdevices
reads packets from a DPDK port
=d
Only with `lclick --dpdk`. Reads Ethernet frames from the DPDK port PORT, its number or its name (`net_null0`, `0000:03:00.0`), up to BURST (32,
at most 256) at a time, and pushes them as a batch. Packet type and MAC header are set, and the time unless TIMESTAMP is false. The kernel does not see
the frames of a device that DPDK has.

QUEUE is the receive queue; by default each FromDPDKDevice of a port takes the next one. All queues up to the highest must be read; what comes is spread over them by
the addresses and ports of packets (RSS). NDESC (256) is the size of the queue. PROMISC true sets promiscuous mode. MAC and MTU
set the device's. ACTIVE false reads nothing until the `active` handler says so. With ALLOW_NONEXISTENT true a port that is not there is no
error, and nothing is read.

Packets are copied out of DPDK's buffers, which the device needs back.

While packets come the port is polled, as DPDK has it. After 64 polls that found nothing the element sleeps, 50 microseconds at first,
then twice as long each time up to IDLE (1000) microseconds, until it finds a packet: an idle lclick takes one to three hundredths of a core. The first packets after a pause come
late by as much, and more of them than NDESC are lost. IDLE 0 never sleeps: least delay, one core.
=e
FromDPDKDevice(0) -> ToDPDKDevice(1); FromDPDKDevice(1) -> ToDPDKDevice(0);
=h count read-only
Packets read by this element.
=h reset_counts write-only
=h reset_count write-only
=h dropped read-only
Packets lost for want of memory.
=h hw_count read-only
Packets received by the whole device, as it counts them; Click's other names for its counts follow.
=h hw_bytes read-only
=h hw_dropped read-only
Packets the device dropped because its queues were full.
=h hw_errors read-only
=h active read/write
=h burst read-only
=h polls read-only
How often the device was asked.
=h sleeping read-only
=h device read-only
The port's number.
=h mac read-only
=h add_mac write-only
Receive for this address, too.
=h remove_mac write-only
=h carrier read-only
=h speed read-only
For example `10 Gbps`, or `unknown`.
=h duplex read-only
=h autoneg read-only
=h nb_rx_queues read-only
=h nb_tx_queues read-only
=h xstats read-only
The driver's statistics, a line each; with a name, its value.
=a ToDPDKDevice, DPDKInfo, FromDevice
*/
class FromDPDKDevice : public DPDKDevice { public:
    FromDPDKDevice() : _task(this), _timer(this) {}
    const char *class_name() const override { return "FromDPDKDevice"; }
    const char *port_count() const override { return PORTS_0_1; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    bool run_task(Task *) override;
    void run_timer(Timer *) override;

  private:
    enum { polls_before_sleep = 64, first_sleep_us = 50, headroom = 128 };
    Task _task;
    Timer _timer;           // while asleep
    int _burst = 32, _idle_us = 1000, _empty_polls = 0, _sleep_us = 0;
    bool _active = true, _timestamp = true;
    unsigned char _address[6] = {};
    uint64_t _count = 0, _dropped = 0, _polls = 0;

    /** A copy; null without memory. */
    static WritablePacket *copy(const rte_mbuf *);
    PacketBatch *take(rte_mbuf **, unsigned n);
    void sleep();
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
