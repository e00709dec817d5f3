#ifndef CLICK_PAD_HH
#define CLICK_PAD_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Pad([LENGTH, ZERO])
=s basicmod
extends packets to at least LENGTH bytes
=d
Without LENGTH, to what the extra-length annotation says was cut off, but to no more than 256 KiB. The annotation is 0 afterwards. The bytes added are 0;
ZERO false, which would leave in them what was in memory, changes nothing.
=a Truncate
*/
class Pad : public SimpleElement<Pad> { public:
    const char *class_name() const override { return "Pad"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *) override;

  private:
    enum : uint32_t { max_length = 1 << 18 };
    uint32_t _length = 0;
};

CLICK_ENDDECLS
#endif
