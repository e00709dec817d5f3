#ifndef CLICK_DECIPTTL_HH
#define CLICK_DECIPTTL_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/error.hh>
CLICK_DECLS

/*
=c
DecIPTTL([ACTIVE, MULTICAST])
=s ip
decrements IP time-to-live and updates the checksum
=d
Packets whose time to live is 1 or less leave on output 1 unchanged, or are dropped. With MULTICAST false, multicast
packets are left alone.
=h drops read-only
=h active read/write
*/
class DecIPTTL : public SimpleElement<DecIPTTL> { public:
    const char *class_name() const override { return "DecIPTTL"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read("ACTIVE", _active).read("MULTICAST", _multicast).complete(); }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    bool _active = true, _multicast = true;
    uint64_t _drops = 0;
};

CLICK_ENDDECLS
#endif
