#include <click/config.h>
#include "setpackettype.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int SetPacketType::configure(Vector<String> &conf, ErrorHandler *errh) {
    static const struct { const char *name; Packet::PacketType type; } types[] = {
        {"HOST", Packet::HOST}, {"BROADCAST", Packet::BROADCAST}, {"MULTICAST", Packet::MULTICAST}, {"OTHERHOST", Packet::OTHERHOST},
        {"OUTGOING", Packet::OUTGOING}, {"LOOPBACK", Packet::LOOPBACK}, {"FASTROUTE", Packet::FASTROUTE}};
    String name;
    if (Args(conf, this, errh).read_mp("TYPE", WordArg(), name).complete() < 0)
        return -1;
    for (const auto &t : types)
        if (name.upper() == t.name) {
            _type = t.type;
            return 0;
        }
    return errh->error("unrecognized packet type %<%s%>", name.c_str());
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetPacketType)
