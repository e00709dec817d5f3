#ifndef CLICK_DECIP6HLIM_HH
#define CLICK_DECIP6HLIM_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
DecIP6HLIM
=s ip6
decrements IPv6 hop limits
=d
Packets whose hop limit is 1 or less leave on output 1 unchanged, or are dropped.
=h drops read-only
=a ICMP6Error, CheckIP6Header
*/
class DecIP6HLIM : public SimpleElement<DecIP6HLIM> { public:
    const char *class_name() const override { return "DecIP6HLIM"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    void add_handlers() override { add_data_handlers("drops", Handler::f_read, &_drops); }
    Packet *simple_action(Packet *) override;

  private:
    uint64_t _drops = 0;
};

CLICK_ENDDECLS
#endif
