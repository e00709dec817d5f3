#ifndef CLICK_CHECKIPHEADER_HH
#define CLICK_CHECKIPHEADER_HH
#include <click/batchelement.hh>
#include <click/ipaddress.hh>
CLICK_DECLS

/*
=c
CheckIPHeader([OFFSET, CHECKSUM, BADSRC addresses, VERBOSE])
=s ip
checks IP headers
=d
A valid header (RFC 1812 §5.2.2: version, lengths, and with CHECKSUM true, the default, the checksum) and a source not
among BADSRC: the network header and destination annotations are set, the packet is cut to its IP length and leaves
on output 0. Others leave on output 1, or are dropped.
=h count read-only
=h drops read-only
=h drop_details read-only
=a MarkIPHeader, SetIPChecksum
*/
class CheckIPHeader : public SimpleElement<CheckIPHeader> { public:
    const char *class_name() const override { return "CheckIPHeader"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    enum Reason { miniscule_packet, bad_version, bad_hlen, bad_ip_len, bad_checksum, bad_saddr, nreasons };
    unsigned _offset = 0;
    bool _checksum = true, _verbose = false;
    Vector<IPAddress> _bad_sources;
    uint64_t _count = 0, _drops[nreasons] = {};
    Packet *drop(Reason, Packet *);
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
