#ifndef CLICK_DELAYSHAPER_HH
#define CLICK_DELAYSHAPER_HH
#include <click/batchelement.hh>
#include <click/timer.hh>
#include "elements/standard/relaynotifier.hh"
CLICK_DECLS

/*
=c
DelayShaper(DELAY)
=s shaping
lets a packet be pulled when DELAY has passed since its time stamp
=d
A packet without time stamp is given the time at which it is first seen. It leaves with the present time as its stamp. At most one packet is
held back here; the others wait upstream. What pulls sleeps meanwhile.
=h delay read/write
=a DelayUnqueue, SetTimestamp, Shaper
*/
class DelayShaper : public Element { public:
    DelayShaper() : _timer(this) {}
    const char *class_name() const override { return "DelayShaper"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PULL; }
    void *port_cast(bool isoutput, int port, const char *name) override;
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    Packet *pull(int) override;
    void run_timer(Timer *) override { _notifier.release(); }

  private:
    Timestamp _delay;
    Packet *_p = nullptr;
    Timer _timer;
    RelayNotifier _notifier;
};

CLICK_ENDDECLS
#endif
