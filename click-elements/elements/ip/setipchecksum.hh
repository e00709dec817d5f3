#ifndef CLICK_SETIPCHECKSUM_HH
#define CLICK_SETIPCHECKSUM_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetIPChecksum
=s ip
sets IP header checksums
=d
Expects the network header to be set. A packet whose header is not whole is dropped.
=h drops read-only
=a CheckIPHeader
*/
class SetIPChecksum : public SimpleElement<SetIPChecksum> { public:
    const char *class_name() const override { return "SetIPChecksum"; }
    const char *port_count() const override { return PORTS_1_1; }
    void add_handlers() override { add_data_handlers("drops", Handler::f_read, &_drops); }
    Packet *simple_action(Packet *) override;

  private:
    uint64_t _drops = 0;
};

CLICK_ENDDECLS
#endif
