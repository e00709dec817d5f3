#ifndef CLICK_CHECKTCPHEADER_HH
#define CLICK_CHECKTCPHEADER_HH
#include <click/batchelement.hh>
#include "elements/ip/transportcheck.hh"
CLICK_DECLS

/*
=c
CheckTCPHeader([VERBOSE, DETAILS])
=s tcp
checks TCP headers
=d
Of packets whose network header is set: protocol, lengths (the data offset) and checksum. Bad ones, fragments among them, leave on output 1, or are dropped;
of the first, and with VERBOSE of all, a line is printed. DETAILS is accepted; the details are always there.
=h count, drops, drop_details read-only
=a CheckIPHeader
*/
class CheckTCPHeader : public TransportCheck<CheckTCPHeader> { public:
    const char *class_name() const override { return "CheckTCPHeader"; }
    CheckTCPHeader() : TransportCheck("TCP") {}
    Reason check(const click_ip *, const IPPayload &) const;
};

CLICK_ENDDECLS
#endif
