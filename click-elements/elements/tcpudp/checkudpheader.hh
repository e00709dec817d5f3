#ifndef CLICK_CHECKUDPHEADER_HH
#define CLICK_CHECKUDPHEADER_HH
#include <click/batchelement.hh>
#include "elements/ip/transportcheck.hh"
CLICK_DECLS

/*
=c
CheckUDPHeader([VERBOSE, DETAILS])
=s udp
checks UDP headers
=d
Of packets whose network header is set: protocol, lengths (the UDP length) and checksum. Bad ones, fragments among them, leave on output 1, or are dropped;
of the first, and with VERBOSE of all, a line is printed. DETAILS is accepted; the details are always there.
=h count, drops, drop_details read-only
=a CheckIPHeader
*/
class CheckUDPHeader : public TransportCheck<CheckUDPHeader> { public:
    const char *class_name() const override { return "CheckUDPHeader"; }
    CheckUDPHeader() : TransportCheck("UDP") {}
    Reason check(const click_ip *, const IPPayload &) const;
};

CLICK_ENDDECLS
#endif
