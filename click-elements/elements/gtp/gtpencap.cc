#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/glue.hh>
#include <click/ip6address.hh>
#include <click/ipaddress.hh>
#include <click/packet_anno.hh>
#include <clicknet/ip.h>
#include <clicknet/ip6.h>
#include "gtpencap.hh"
#include "elements/gtp/gtpbuild.hh"
#include "elements/gtp/gtplookahead.hh"
#include "elements/gtp/gtptos.hh"
#include "elements/gtp/gtptrace.hh"
CLICK_DECLS

int GTPEncap::configure(Vector<String> &conf, ErrorHandler *errh) {
    _id = (uint16_t) click_random();
    String dscp = "inner", sequence = "none";
    if (Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).read("DF", _df).read("TTL", BoundedIntArg(1, 255), _ttl)
            .read("DSCP", WordArg(), dscp).read("SEQUENCE", WordArg(), sequence).read("MTU", BoundedIntArg(68, 65535), _mtu).complete() < 0)
        return -1;
    if (dscp != "inner" && !BoundedIntArg(0, 63).parse(dscp, _dscp))
        return errh->error("DSCP must be inner or a number from 0 to 63");
    if (sequence != "none" && sequence != "own")
        return errh->error("SEQUENCE must be none or own");
    _own_sequence = sequence == "own";
    return 0;
}

/** False: it is no IP packet, or its header is not all there. */
inline bool GTPEncap::inner_of(Packet *p, GTPInner &in) {
    if (unlikely(!p->has_network_header() || p->network_length() < 20 || p->network_header_offset() != 0))
        return false;
    const unsigned char *ip = p->network_header();
    if (unlikely(ip[0] >> 4 != 4 && (ip[0] >> 4 != 6 || p->network_length() < 40)))
        return false;
    gtp_inner(ip, p->network_length(), false, in);
    return true;
}

Packet *GTPEncap::simple_action(Packet *p) {
    GTPInner in;
    return wrap(p, inner_of(p, in) ? _table->way_back(in) : GTPWayBack());
}

inline Packet *GTPEncap::wrap(Packet *p, const GTPWayBack &way) {
    if (unlikely(!way.bearer)) {
        ++_unknown;
        if (unlikely(_table->tracing()))
            _table->tracing()->not_wrapped(p, nullptr, 0, _mtu);
        checked_output_push(1, p);
        return nullptr;
    }
    const GTPPathKey &path = _table->key_of(way.path);
    const GTPLeg &leg = way.path->leg[GTP_DOWNLINK];
    const bool container = way.qfi || way.bearer->flags & GTPBearer::container;
    const bool numbered = _own_sequence && way.bearer->flags & GTPBearer::sequenced;
    const uint8_t inner_tos = gtp_tos(p->network_header()), tos = _dscp < 0 ? inner_tos : (uint8_t) (_dscp << 2 | (inner_tos & 3));
    const GTPOuter outer = {&leg, path.vlan, &path.core, &path.enb, GTPU_PORT, GTPU_PORT, _id, tos, (uint8_t) _ttl, _df};
    const uint32_t options = container ? 8 : numbered ? 4 : 0;            // with the extension header's 4
    const uint32_t payload = p->length(), datagram = 8 + 8 + options + payload, outer_length = outer.length();
    if (unlikely(outer_length - outer.ether_length() - 8 + datagram > _mtu)) {
        ++_too_long;
        if (unlikely(_table->tracing()))
            _table->tracing()->not_wrapped(p, way.bearer, outer_length - outer.ether_length() - 8 + datagram, _mtu);
        checked_output_push(noutputs() > 2 ? 2 : 1, p);
        return nullptr;
    }
    WritablePacket *q = p->push(outer_length + 8 + options);
    if (!q)
        return nullptr;
    ++_id;
    way.session->count_breakout(payload);
    ++way.path->breakout_packets, way.path->breakout_bytes += payload;

    unsigned char *d = q->data(), *ip = d + outer.ether_length(), *gtp = gtp_write_outer(d, outer, datagram);
    gtp[0] = (unsigned char) (GTPU_VERSION_1_PT_1 | (container ? GTPU_E : 0) | (numbered ? GTPU_S : 0)), gtp[1] = GTPU_GPDU;
    gtp_put16(gtp + 2, options + payload);         // what follows the first 8 octets
    gtp_put32(gtp + 4, way.bearer->down.teid);
    if (unlikely(options)) {
        gtp_put16(gtp + 8, numbered ? GTPTable::next_sequence(way.bearer) : 0);
        gtp[10] = 0, gtp[11] = container ? GTPU_EXT_PDU_SESSION : GTPU_EXT_NONE;
        if (container)          // 4 octets: its length, PDU type 0 (downlink) without options, QFI, nothing follows
            gtp[12] = 1, gtp[13] = 0, gtp[14] = way.qfi & 0x3F, gtp[15] = GTPU_EXT_NONE;
    }
    if (unlikely(outer.six())) {
        gtp_finish6(gtp - 8, datagram);
        q->set_ip6_header(reinterpret_cast<click_ip6 *>(ip), 40);
        memcpy(q->anno_u8() + DST_IP6_ANNO_OFFSET, ip + 24, 16);
    } else {
        q->set_ip_header(reinterpret_cast<click_ip *>(ip), 20);
        q->set_dst_ip_anno(IPAddress(path.enb.v4()));
    }
    q->set_mac_header(d, outer.ether_length());
    ++_count;
    if (unlikely(_table->tracing()))
        _table->tracing()->wrapped(q);
    return q;
}

PacketBatch *GTPEncap::simple_action_batch(PacketBatch *batch) {
    if (!_table->large())
        return SimpleElement<GTPEncap>::simple_action_batch(batch);
    struct Found { GTPInner in; GTPWaySought sought; bool ok; };
    GTPLookAhead<Found> ahead;
    GatherScope gather(this);
    BatchBuilder wrapped;
    FOR_EACH_PACKET_SAFE(batch, p) {
        const Found &x = ahead.of(p, [this](Packet *q, Found &y) { if ((y.ok = inner_of(q, y.in))) _table->seek_way_slot(y.in, y.sought); },
                                  [this](Packet *, Found &y) { if (y.ok) _table->seek_way_flow(y.in, y.sought); },
                                  [this](Packet *, Found &y) { if (y.ok) _table->seek_way_session(y.in, y.sought); });
        if (Packet *q = wrap(p, x.ok ? _table->way_back(x.in, &x.sought) : GTPWayBack()))
            wrapped.append(q);
    }
    return wrapped.finish();
}

int GTPEncap::reset(const String &, Element *e, void *, ErrorHandler *) {
    GTPEncap *g = static_cast<GTPEncap *>(e);
    g->_count = g->_unknown = g->_too_long = 0;
    return 0;
}

void GTPEncap::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("unknown", Handler::f_read, &_unknown);
    add_data_handlers("too_long", Handler::f_read, &_too_long);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable)
EXPORT_ELEMENT(GTPEncap)
