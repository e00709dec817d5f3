#ifndef CLICK_SETPACKETTYPE_HH
#define CLICK_SETPACKETTYPE_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetPacketType(TYPE)
=s annotations
sets the packet type annotation
=d
TYPE is HOST, BROADCAST, MULTICAST, OTHERHOST, OUTGOING, LOOPBACK or FASTROUTE.
*/
class SetPacketType : public SimpleElement<SetPacketType> { public:
    const char *class_name() const override { return "SetPacketType"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *p) override { p->set_packet_type_anno(_type); return p; }

  private:
    Packet::PacketType _type = Packet::HOST;
};

CLICK_ENDDECLS
#endif
