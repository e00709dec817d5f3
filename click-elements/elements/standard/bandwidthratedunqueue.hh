#ifndef CLICK_BANDWIDTHRATEDUNQUEUE_HH
#define CLICK_BANDWIDTHRATEDUNQUEUE_HH
#include "elements/standard/ratedunqueue.hh"
CLICK_DECLS

/*
=c
BandwidthRatedUnqueue(RATE [, BURST_DURATION, BURST_BYTES, ACTIVE])
=s shaping
pulls packets at a limited bandwidth and pushes them
=d
RATE is a bandwidth, as in C<384kbps> or C<10MBps>, kept by a token bucket of BURST_BYTES, or of what comes in BURST_DURATION
(20 ms). A packet passes while the bucket holds anything, and what it lacks is made up for later.
=h rate read/write
=h active read/write
=h calls read-only
=a RatedUnqueue, BandwidthShaper, BandwidthRatedSplitter
*/
class BandwidthRatedUnqueue : public RatedUnqueue { public:
    BandwidthRatedUnqueue() : RatedUnqueue(true) {}
    const char *class_name() const override { return "BandwidthRatedUnqueue"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL_TO_PUSH; }
};

CLICK_ENDDECLS
#endif
