#ifndef CLICK_BANDWIDTHRATEDSPLITTER_HH
#define CLICK_BANDWIDTHRATEDSPLITTER_HH
#include "elements/standard/ratedsplitter.hh"
CLICK_DECLS

/*
=c
BandwidthRatedSplitter(RATE [, BURST_DURATION, BURST_BYTES])
=s shaping
lets a limited bandwidth pass, the rest goes another way
=d
As RatedSplitter, but RATE is a bandwidth, as in C<384kbps>, and the bucket holds BURST_BYTES.
=h rate read/write
=a RatedSplitter, BandwidthMeter, BandwidthShaper, BandwidthRatedUnqueue
*/
class BandwidthRatedSplitter : public RatedSplitter { public:
    BandwidthRatedSplitter() : RatedSplitter(true) {}
    const char *class_name() const override { return "BandwidthRatedSplitter"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PUSH; }
};

CLICK_ENDDECLS
#endif
