#ifndef CLICK_DROPBROADCASTS_HH
#define CLICK_DROPBROADCASTS_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
DropBroadcasts
=s annotations
drops what came as link-level broadcast or multicast
=d
By the packet type annotation, which FromDevice sets; IP routers must not forward such packets. They leave on output 1, or are dropped.
=h drops read-only
Packets that did not leave on output 0.
=a FromDevice
*/
class DropBroadcasts : public SimpleElement<DropBroadcasts> { public:
    const char *class_name() const override { return "DropBroadcasts"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    void add_handlers() override { add_data_handlers("drops", Handler::f_read, &_drops); }
    Packet *simple_action(Packet *p) override {
        if (likely(p->packet_type_anno() != Packet::BROADCAST && p->packet_type_anno() != Packet::MULTICAST)) return p;
        ++_drops;
        checked_output_push(1, p);
        return nullptr;
    }

  private:
    uint64_t _drops = 0;
};

CLICK_ENDDECLS
#endif
