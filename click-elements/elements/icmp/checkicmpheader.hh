#ifndef CLICK_CHECKICMPHEADER_HH
#define CLICK_CHECKICMPHEADER_HH
#include <click/batchelement.hh>
#include <clicknet/ip.h>
#include "elements/ip/transportcheck.hh"
CLICK_DECLS

/*
=c
CheckICMPHeader([VERBOSE, DETAILS])
=s icmp
checks ICMP headers
=d
Of packets whose network header is set: protocol, lengths (the length that the type needs) and checksum. Bad ones, fragments among them, leave on output 1, or are dropped;
of the first, and with VERBOSE of all, a line is printed. DETAILS is accepted; the details are always there.
=h count, drops, drop_details read-only
=a CheckIPHeader
*/
class CheckICMPHeader : public TransportCheck<CheckICMPHeader> { public:
    const char *class_name() const override { return "CheckICMPHeader"; }
    CheckICMPHeader() : TransportCheck("ICMP") {}
    Reason check(const click_ip *, const IPPayload &) const;
};

CLICK_ENDDECLS
#endif
