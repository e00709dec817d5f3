#ifndef CLICK_CHECKIPHEADER_HH
#define CLICK_CHECKIPHEADER_HH
#include <click/batchelement.hh>
#include "elements/ip/ipheadercheck.hh"
CLICK_DECLS

/*
=c
CheckIPHeader([OFFSET, CHECKSUM, BADSRC addresses, GOODDST addresses, INTERFACES prefixes, VERBOSE, DETAILS])
=s ip
checks IP headers
=d
A valid header OFFSET (0) bytes into the packet (RFC 1812 §5.2.2: version, lengths, checksum, source): the network header and destination annotations
are set, the packet is cut to its IP length and leaves on output 0. Others leave on output 1, or are dropped; of the first, and with VERBOSE of all, a
line is printed.
CHECKSUM (true) says whether the checksum counts. A source among BADSRC is bad unless the destination is among GOODDST;
INTERFACES, the router's addresses with their prefix lengths, adds their broadcast addresses, 0.0.0.0 and 255.255.255.255 to BADSRC and the
addresses to GOODDST. DETAILS is accepted; the details are always there.
=h count read-only
=h drops read-only
=h drop_details read-only
=a CheckIPHeader2, MarkIPHeader, SetIPChecksum
*/
class CheckIPHeader : public SimpleElement<CheckIPHeader> { public:
    const char *class_name() const override { return "CheckIPHeader"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override {
        Args args(conf, this, errh);
        return _check.configure(args.read_p("OFFSET", _offset), this, errh);
    }
    void add_handlers() override { _check.add_handlers(this); }
    Packet *simple_action(Packet *p) override {
        IPHeaderCheck::Reason r = _check.check(p, _offset);
        if (likely(r == IPHeaderCheck::ok)) return p;
        _check.dropped(this, r);
        checked_output_push(1, p);
        return nullptr;
    }

  private:
    unsigned _offset = 0;
    IPHeaderCheck _check{true};
};

CLICK_ENDDECLS
#endif
