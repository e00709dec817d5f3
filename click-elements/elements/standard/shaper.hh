#ifndef CLICK_SHAPER_HH
#define CLICK_SHAPER_HH
#include "elements/standard/ratelimit.hh"
#include "elements/standard/relaynotifier.hh"
CLICK_DECLS

/*
=c
Shaper(RATE)
=s shaping
lets packets be pulled at a limited rate
=d
At most RATE packets a second can be pulled through output 0; more only to make up for the last two milliseconds. What pulls
sleeps while there is nothing to be had. Pulls on output 1, if it is connected, get what is upstream without a limit.
=h rate read/write
=h reset write-only
=a BandwidthShaper, RatedUnqueue, RatedSplitter
*/
class Shaper : public BatchElement { public:
    Shaper() : Shaper(false) {}
    const char *class_name() const override { return "Shaper"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PULL; }
    void *port_cast(bool isoutput, int port, const char *name) override;
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    Packet *pull(int port) override {
        PacketBatch *b = pull_batch(port, 1);
        return b ? b->first() : nullptr;
    }
    PacketBatch *pull_batch(int port, unsigned max) override;
    void run_timer(Timer *) override { _notifier.release(); }

  protected:
    explicit Shaper(bool bandwidth) : _limit(bandwidth), _timer(this) {}

  private:
    RateLimit _limit;
    Timer _timer;
    RelayNotifier _notifier;
    static String read(Element *e, void *) { return static_cast<Shaper *>(e)->_limit.unparse(); }
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
