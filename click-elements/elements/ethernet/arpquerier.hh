#ifndef CLICK_ARPQUERIER_HH
#define CLICK_ARPQUERIER_HH
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
#include "arptable.hh"
CLICK_DECLS

/*
=c
ARPQuerier(IP, ETH [, TABLE, CAPACITY, ENTRY_CAPACITY, ENTRY_PACKET_CAPACITY, CAPACITY_SLIM_FACTOR, TIMEOUT, POLL_TIMEOUT, BROADCAST, BROADCAST_POLL])
=s arp
puts IP packets into Ethernet frames, finding the address by ARP
=d
Input 0: IP packets whose destination annotation is the next hop. Those with a known Ethernet address leave on output 0
in a frame from ETH; else a query (RFC 826) is sent and the packet waits for the answer. Input 1: ARP replies (whole
frames), from which addresses are learned if they were asked for. ARP queries go to output 1 if it is connected, else to
output 0; they have the VLAN annotation of the packet that waits.

Packets to 255.255.255.255 or BROADCAST are sent to all, those to a multicast address to the group's Ethernet address;
those to 0.0.0.0 are dropped. BROADCAST is IP's broadcast address if IP is a prefix (C<10.0.0.1/24>).

Queries for an address are at most ten a second; while packets wait they are repeated every second, and after five seconds
without answer the packets are dropped. When an answer in use is older than POLL_TIMEOUT (60 s; 0: never) it is asked for
again, of its owner, or with BROADCAST_POLL (false) of all. TABLE is an ARPTable; without it the ARPQuerier has one of its own, to
which CAPACITY, ENTRY_CAPACITY, ENTRY_PACKET_CAPACITY, CAPACITY_SLIM_FACTOR and TIMEOUT apply: see there.
=h table read-only
One line an address: IP, 1 if known or 0, Ethernet address, age in seconds.
=h count read-only
Addresses.
=h length read-only
Packets that wait.
=h queries read-only
=h responses read-only
=h drops read-only
Packets dropped: too many waiting, no answer, or no next hop.
=h stats read-only
Drops and queries, for people.
=h ipaddr read/write
=h broadcast read/write
=h insert write-only
C<IP MAC>.
=h delete write-only
C<IP>.
=h clear write-only
=a ARPTable, ARPResponder, SetIPAddress
*/
class ARPQuerier : public BatchElement { public:
    ARPQuerier() : _timer(this) {}
    const char *class_name() const override { return "ARPQuerier"; }
    const char *port_count() const override { return "2/1-2"; }
    const char *processing() const override { return PUSH; }
    const char *flow_code() const override { return "xy/x"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void push(int port, Packet *) override;
    void push_batch(int port, PacketBatch *) override;
    void run_timer(Timer *) override;

  private:
    NeighbourTable<IPAddress> _own, *_table = &_own;
    IPAddress _ip, _broadcast;
    EtherAddress _mac;
    Timestamp _poll;
    bool _broadcast_poll = false, _complained = false;
    uint64_t _queries = 0, _responses = 0, _drops = 0;
    Timer _timer;

    void forward(Packet *, const EtherAddress &);
    void query(IPAddress target, const EtherAddress &dst, uint16_t vlan);
    void send_waiting(Packet *, const EtherAddress &);
    void response(Packet *);
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
