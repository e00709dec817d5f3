#ifndef CLICK_IP6NDSOLICITOR_HH
#define CLICK_IP6NDSOLICITOR_HH
#include <click/batchelement.hh>
#include <click/ip6address.hh>
#include "elements/ethernet/neighbourtable.hh"
CLICK_DECLS

/*
=c
IP6NDSolicitor(IP, ETH [, CAPACITY, ENTRY_CAPACITY, ENTRY_PACKET_CAPACITY, CAPACITY_SLIM_FACTOR, TIMEOUT, POLL_TIMEOUT])
=s ip6
puts IPv6 packets into Ethernet frames, finding the address by neighbour discovery
=d
Input 0: IPv6 packets whose IPv6 destination annotation is the next hop. Those with a known Ethernet address leave on output 0 in a frame from ETH;
else a neighbour solicitation (RFC 4861) from IP is sent and up to ENTRY_PACKET_CAPACITY (16) packets an address wait for the answer. Input 1:
neighbour advertisements (whole frames), from which addresses are learned if they were asked for. Solicitations go to output 1 if it is connected, else
to output 0. Packets to a group are sent to its Ethernet address, those to :: are dropped.

Solicitations are sent, repeated and given up as ARPQuerier's queries are, and the arguments mean what they mean there and to ARPTable.
=h table read-only
One line an address: address, 1 if known or 0, Ethernet address.
=h count read-only
Addresses.
=h length read-only
Packets that wait.
=h queries read-only
Solicitations sent.
=h responses read-only
=h drops read-only
=h stats read-only
Drops and solicitations, for people.
=a IP6NDAdvertiser, ARPQuerier, SetIP6Address
*/
class IP6NDSolicitor : public BatchElement { public:
    IP6NDSolicitor() : _timer(this) {}
    const char *class_name() const override { return "IP6NDSolicitor"; }
    const char *port_count() const override { return "2/1-2"; }
    const char *processing() const override { return PUSH; }
    const char *flow_code() const override { return "xy/x"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override { _table.clear(); }
    void add_handlers() override;
    void push(int port, Packet *) override;
    void push_batch(int port, PacketBatch *) override;
    void run_timer(Timer *) override;

  private:
    typedef NeighbourTable<IP6Address> Table;
    Table _table;
    IP6Address _ip;
    EtherAddress _mac;
    Timestamp _poll;
    uint64_t _queries = 0, _responses = 0, _drops = 0;
    Timer _timer;

    void forward(Packet *, const EtherAddress &);
    /** Ask who has @a target: that neighbour alone if @a mac is known, else all in its group. */
    void solicit(const IP6Address &target, const EtherAddress *mac, uint16_t vlan);
    void advertisement(Packet *);
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
