#ifndef CLICK_SETTCPCHECKSUM_HH
#define CLICK_SETTCPCHECKSUM_HH
#include <click/args.hh>
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetTCPChecksum([FIXOFF])
=s tcp
sets TCP checksums
=d
Expects the network header to be set. Packets that are not TCP, are fragments, or are cut short are dropped. With FIXOFF true a data
offset below 5 becomes 5 first, and one that points out of the packet its end.
=h drops read-only
=a CheckTCPHeader, SetIPChecksum, SetUDPChecksum
*/
class SetTCPChecksum : public SimpleElement<SetTCPChecksum> { public:
    const char *class_name() const override { return "SetTCPChecksum"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_p("FIXOFF", _fixoff).complete(); }
    void add_handlers() override { add_data_handlers("drops", Handler::f_read, &_drops); }
    Packet *simple_action(Packet *) override;

  private:
    bool _fixoff = false;
    uint64_t _drops = 0;
};

CLICK_ENDDECLS
#endif
