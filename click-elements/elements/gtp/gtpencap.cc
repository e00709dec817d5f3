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
#include "elements/gtp/gtptos.hh"
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

/** The Internet checksum of @a length bytes and @a sum, which is of words in network order (RFC 1071). */
static uint16_t checksum(uint64_t sum, const unsigned char *p, uint32_t length) {
    for (; length >= 4; p += 4, length -= 4) {
        uint32_t w;
        memcpy(&w, p, 4);
        sum += w;
    }
    unsigned char last[4] = {};
    memcpy(last, p, length);
    uint32_t w;
    memcpy(&w, last, 4);
    sum += w;
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t) ~sum;
}

Packet *GTPEncap::simple_action(Packet *p) {
    GTPWayBack way = {};
    // The header must be all there.
    if (likely(p->has_network_header() && p->network_length() >= 20 && p->network_header_offset() == 0)) {
        const unsigned char *ip = p->network_header();
        if (likely(ip[0] >> 4 == 4 || (ip[0] >> 4 == 6 && p->network_length() >= 40))) {
            GTPInner in;
            gtp_inner(ip, p->network_length(), false, in);
            way = _table->way_back(in);
        }
    }
    if (unlikely(!way.bearer)) {
        ++_unknown;
        checked_output_push(1, p);
        return nullptr;
    }
    const GTPPathKey &path = _table->key_of(way.path);
    const GTPLeg &leg = way.path->leg[GTP_DOWNLINK];
    const bool six = !path.core.is4(), container = way.qfi || way.bearer->flags & GTPBearer::container;
    const bool numbered = _own_sequence && way.bearer->flags & GTPBearer::sequenced;
    const uint32_t payload = p->length(), ether = path.vlan ? 18 : 14, ip_bytes = six ? 40 : 20;
    const uint32_t options = container ? 8 : numbered ? 4 : 0;            // with the extension header's 4
    const uint32_t datagram = 8 + 8 + options + payload;
    if (unlikely(ip_bytes + datagram > _mtu)) {
        ++_too_long;
        checked_output_push(noutputs() > 2 ? 2 : 1, p);
        return nullptr;
    }
    const uint8_t inner_tos = gtp_tos(p->network_header());
    WritablePacket *q = p->push(ether + ip_bytes + 8 + 8 + options);
    if (!q)
        return nullptr;
    ++way.session->breakout_packets, way.session->breakout_bytes += payload;
    ++way.path->breakout_packets, way.path->breakout_bytes += payload;

    unsigned char *d = q->data();
    memcpy(d, leg.dst, 6);
    memcpy(d + 6, leg.src, 6);
    if (unlikely(path.vlan))
        gtp_put16(d + 12, path.vlan >> 16), gtp_put16(d + 14, leg.vlan_tci);
    gtp_put16(d + ether - 2, six ? 0x86DD : 0x0800);

    unsigned char *ip = d + ether, *udp = ip + ip_bytes, *gtp = udp + 8;
    const uint8_t tos = _dscp < 0 ? inner_tos : (uint8_t) (_dscp << 2 | (inner_tos & 3));
    if (likely(!six)) {
        ip[0] = 0x45, ip[1] = tos;
        gtp_put16(ip + 2, 20 + datagram);
        gtp_put16(ip + 4, _id++);
        ip[6] = _df ? 0x40 : 0, ip[7] = 0;
        ip[8] = (unsigned char) _ttl, ip[9] = IP_PROTO_UDP, ip[10] = ip[11] = 0;
        uint32_t from = path.core.v4(), to = path.enb.v4();
        memcpy(ip + 12, &from, 4);
        memcpy(ip + 16, &to, 4);
        uint16_t sum = checksum(0, ip, 20);
        memcpy(ip + 10, &sum, 2);
    } else {
        gtp_put32(ip, 0x60000000U | (uint32_t) tos << 20);
        gtp_put16(ip + 4, datagram);
        ip[6] = IP_PROTO_UDP, ip[7] = (unsigned char) _ttl;
        memcpy(ip + 8, path.core.data(), 16);
        memcpy(ip + 24, path.enb.data(), 16);
    }
    gtp_put16(udp, GTPU_PORT), gtp_put16(udp + 2, GTPU_PORT);
    gtp_put16(udp + 4, datagram), gtp_put16(udp + 6, 0);

    gtp[0] = (unsigned char) (GTPU_VERSION_1_PT_1 | (container ? GTPU_E : 0) | (numbered ? GTPU_S : 0)), gtp[1] = GTPU_GPDU;
    gtp_put16(gtp + 2, options + payload);         // what follows the first 8 octets
    gtp_put32(gtp + 4, way.bearer->down.teid);
    if (unlikely(options)) {
        gtp_put16(gtp + 8, numbered ? GTPTable::next_sequence(way.bearer) : 0);
        gtp[10] = 0, gtp[11] = container ? GTPU_EXT_PDU_SESSION : GTPU_EXT_NONE;
        if (container)          // 4 octets: its length, PDU type 0 (downlink) without options, QFI, nothing follows
            gtp[12] = 1, gtp[13] = 0, gtp[14] = way.qfi & 0x3F, gtp[15] = GTPU_EXT_NONE;
    }
    if (unlikely(six)) {
        uint16_t sum = checksum((uint64_t) htonl(datagram) + htonl(IP_PROTO_UDP), ip + 8, 32 + datagram);
        sum = sum ? sum : 0xFFFF;
        memcpy(udp + 6, &sum, 2);
        q->set_ip6_header(reinterpret_cast<click_ip6 *>(ip), 40);
        memcpy(q->anno_u8() + DST_IP6_ANNO_OFFSET, ip + 24, 16);
    } else {
        q->set_ip_header(reinterpret_cast<click_ip *>(ip), 20);
        q->set_dst_ip_anno(IPAddress(path.enb.v4()));
    }
    q->set_mac_header(d, ether);
    ++_count;
    return q;
}

PacketBatch *GTPEncap::simple_action_batch(PacketBatch *batch) {
    if (_table->large()) {
        auto each = [batch](auto f) {
            FOR_EACH_PACKET(batch, p)
                if (p->has_network_header() && p->network_length() >= 40 && p->network_header_offset() == 0) {
                    GTPInner in;
                    gtp_inner(p->network_header(), p->network_length(), false, in);
                    f(in);
                }
        };
        each([this](const GTPInner &in) { _table->prefetch_ue_bucket(in), _table->prefetch_flow_bucket(in); });
        each([this](const GTPInner &in) { _table->prefetch_ue(in), _table->prefetch_flow(in); });
    }
    return SimpleElement<GTPEncap>::simple_action_batch(batch);
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
