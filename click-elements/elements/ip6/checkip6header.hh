#ifndef CLICK_CHECKIP6HEADER_HH
#define CLICK_CHECKIP6HEADER_HH
#include <click/batchelement.hh>
#include <click/ip6address.hh>
CLICK_DECLS

/*
=c
CheckIP6Header([BADADDRS, OFFSET])
=s ip6
checks IPv6 headers
=d
A valid header (RFC 8200 §3: version, length) OFFSET (0) bytes into the packet, with a source that is not a multicast address nor among
BADADDRS, addresses separated by spaces: the network header annotation is set, the transport header annotation behind the
extension headers if they are whole, the packet is cut to its IPv6 length and leaves on output 0. Others leave on output 1, or
are dropped; of the first a line is printed.
=h count read-only
=h drops read-only
=a MarkIP6Header, DecIP6HLIM
*/
class CheckIP6Header : public SimpleElement<CheckIP6Header> { public:
    const char *class_name() const override { return "CheckIP6Header"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    unsigned _offset = 0;
    Vector<IP6Address> _bad_sources;
    uint64_t _count = 0, _drops = 0;
    bool valid(const Packet *) const;
};

CLICK_ENDDECLS
#endif
