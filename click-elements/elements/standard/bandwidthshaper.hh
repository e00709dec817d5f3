#ifndef CLICK_BANDWIDTHSHAPER_HH
#define CLICK_BANDWIDTHSHAPER_HH
#include "elements/standard/shaper.hh"
CLICK_DECLS

/*
=c
BandwidthShaper(RATE)
=s shaping
lets packets be pulled at a limited bandwidth
=d
As Shaper, but RATE is a bandwidth, as in C<384kbps>. A packet passes when those before it have been paid for.
=h rate read/write
=h reset write-only
=a Shaper, BandwidthRatedUnqueue, BandwidthRatedSplitter
*/
class BandwidthShaper : public Shaper { public:
    BandwidthShaper() : Shaper(true) {}
    const char *class_name() const override { return "BandwidthShaper"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PULL; }
};

CLICK_ENDDECLS
#endif
