#ifndef CLICK_IP6FRAGMENTER_HH
#define CLICK_IP6FRAGMENTER_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
IP6Fragmenter(MTU [, LINK])
=s ip6
splits IPv6 packets
=d
Packets of at most MTU bytes pass; longer ones are split (RFC 8200 §4.5), in order, each part with the annotations of the whole. In IPv6 only a
source may do that: a router sends ICMP6Error type 2 instead. What is a fragment already, has no whole header chain, or does not fit at all
leaves on output 1, or is dropped. What is before the IPv6 header is dropped; with LINK true each part has a copy, so that whole frames go in and
out.
=h fragments read-only
Fragments made.
=h drops read-only
Packets that could not be split.
=a ICMP6Error
*/
class IP6Fragmenter : public BatchElement { public:
    const char *class_name() const override { return "IP6Fragmenter"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void push(int port, Packet *) override;
    void push_batch(int port, PacketBatch *) override;

  private:
    unsigned _mtu = 0;
    bool _link = false;
    uint32_t _id = 0;
    uint64_t _fragments = 0, _drops = 0;
    uint32_t link_length(const Packet *) const;
    bool split(Packet *);
};

CLICK_ENDDECLS
#endif
