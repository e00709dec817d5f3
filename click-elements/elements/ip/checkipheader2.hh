#ifndef CLICK_CHECKIPHEADER2_HH
#define CLICK_CHECKIPHEADER2_HH
#include <click/batchelement.hh>
#include "elements/ip/ipheadercheck.hh"
CLICK_DECLS

/*
=c
CheckIPHeader2([OFFSET, CHECKSUM, BADSRC addresses, GOODDST addresses, INTERFACES prefixes, VERBOSE, DETAILS])
=s ip
checks IP headers, but not their checksums
=d
A valid header OFFSET (0) bytes into the packet (RFC 1812 §5.2.2: version, lengths, checksum, source): the network header and destination annotations
are set, the packet is cut to its IP length and leaves on output 0. Others leave on output 1, or are dropped; of the first, and with VERBOSE of all, a
line is printed.
CHECKSUM is false here; all else is as in CheckIPHeader. DETAILS is accepted; the details are always there.
=h count read-only
=h drops read-only
=h drop_details read-only
=a CheckIPHeader, MarkIPHeader, SetIPChecksum
*/
class CheckIPHeader2 : public SimpleElement<CheckIPHeader2> { public:
    const char *class_name() const override { return "CheckIPHeader2"; }
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
    IPHeaderCheck _check{false};
};

CLICK_ENDDECLS
#endif
