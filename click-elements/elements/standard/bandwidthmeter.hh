#ifndef CLICK_BANDWIDTHMETER_HH
#define CLICK_BANDWIDTHMETER_HH
#include "elements/standard/meter.hh"
CLICK_DECLS

/*
=c
BandwidthMeter(RATE1, RATE2, ..., RATEn)
=s shaping
sends all packets to the output that the present bandwidth decides
=d
As Meter, but the rates are bandwidths, as in C<384kbps>. The handlers give bytes a second.
=h rate read-only
=h meters read-only
=a Meter, BandwidthRatedSplitter, BandwidthShaper
*/
class BandwidthMeter : public Meter { public:
    BandwidthMeter() : Meter(true) {}
    const char *class_name() const override { return "BandwidthMeter"; }
    const char *port_count() const override { return "1/2-"; }
    const char *processing() const override { return PUSH; }
};

CLICK_ENDDECLS
#endif
