#ifndef CLICK_RATEDSPLITTER_HH
#define CLICK_RATEDSPLITTER_HH
#include "elements/standard/ratelimit.hh"
CLICK_DECLS

/*
=c
RatedSplitter(RATE [, BURST_DURATION, BURST_SIZE])
=s shaping
lets packets pass at a limited rate, the rest goes another way
=d
At most RATE packets a second leave on output 0, as a token bucket of BURST_SIZE packets (or of those that come in
BURST_DURATION, 20 ms) allows; the others leave on output 1, or are dropped if there is none. Unlike with Meter, RATE packets a second
pass whatever the input rate.
=h rate read/write
=a BandwidthRatedSplitter, ProbSplitter, Meter, Shaper, RatedUnqueue
*/
class RatedSplitter : public ClassifyElement<RatedSplitter> { public:
    RatedSplitter() : RatedSplitter(false) {}
    const char *class_name() const override { return "RatedSplitter"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return _limit.configure(conf, this, errh); }
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    void push(int port, Packet *p) override { _limit.fill(); ClassifyElement::push(port, p); }
    void push_batch(int port, PacketBatch *b) override { _limit.fill(); ClassifyElement::push_batch(port, b); }
    int classify(Packet *p) {
        if (!_limit.may_pass()) return 1;
        _limit.passed(p);
        return 0;
    }

  protected:
    explicit RatedSplitter(bool bandwidth) : _limit(bandwidth) {}

  private:
    RateLimit _limit;
    static String read(Element *e, void *) { return static_cast<RatedSplitter *>(e)->_limit.unparse(); }
};

CLICK_ENDDECLS
#endif
