#include <click/config.h>
#include "icmperror.hh"
#include "elements/ip/ippacket.hh"
#include "elements/ip/ipnames.hh"
#include <click/error.hh>
#include <click/packet_anno.hh>
#include <clicknet/icmp.h>
CLICK_DECLS

int ICMPError::configure(Vector<String> &conf, ErrorHandler *errh) {
    String type, code = "0", bad;
    if (Args(conf, this, errh).read_mp("SRC", _src).read_mp("TYPE", WordArg(), type).read_p("CODE", WordArg(), code).read_p("BADADDRS", AnyArg(), bad)
            .read_p("MTU", _mtu).read("PMTU", _pmtu).read("USE_FIX_ANNO", _use_fix).complete() < 0) return -1;
    if (!ip_name(icmp_type_names, type, &_type) && !cp_integer(type, &_type)) return errh->error("TYPE: invalid number");
    if (_type < 0 || _type > 255) return errh->error("ICMP type must be between 0 and 255");
    if (_type != 3 && _type != 4 && _type != 5 && _type != 11 && _type != 12) return errh->error("ICMP type %d is not an error type", _type);
    if (!icmp_code(_type, code, &_code)) return errh->error("argument 2 takes ICMP code (integer between 0 and 255)");
    return ip_address_list(bad, _bad, this, errh, "BADADDRS") ? 0 : -1;
}

void ICMPError::add_handlers() {
    add_data_handlers("src", Handler::f_read | Handler::f_write, &_src);
    add_data_handlers("mtu", Handler::f_read | Handler::f_write, &_mtu);
    add_data_handlers("pmtu", Handler::f_read | Handler::f_write, &_pmtu);
}

/** An address that an error can be sent to: of a host, and not of this one. */
static bool of_a_host(IPAddress a) {
    uint32_t x = ntohl(a.addr());
    return x >> 24 != 0 && x >> 24 != 127 && x >> 28 < 14;
}

bool ICMPError::suppressed(const Packet *p, const click_ip *ip) const {
    IPAddress src(ip->ip_src), dst(ip->ip_dst);
    if (p->packet_type_anno() == Packet::BROADCAST || p->packet_type_anno() == Packet::MULTICAST) return true;
    if (!IP_FIRSTFRAG(ip) || !of_a_host(src) || dst.is_multicast() || dst == IPAddress::make_broadcast()) return true;
    for (IPAddress a : _bad)
        if (a == src || a == dst) return true;
    if (ip->ip_p != IP_PROTO_ICMP) return false;
    IPPayload t(p, ip);
    if (t.length < 8) return true;
    int type = t.data[0];
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/** The source route of @a ip, turned round, as an option with its padding; returns its length, 0 if there is none. */
static uint32_t route_back(const click_ip *ip, unsigned char *out) {
    const unsigned char *h = (const unsigned char *) ip;
    uint32_t hlen = ip->ip_hl * 4;
    for (uint32_t at = sizeof(click_ip); at < hlen && h[at]; ) {
        uint32_t len = h[at] == 1 ? 1 : at + 1 < hlen ? h[at + 1] : 0;
        if (!len || (len < 2 && h[at] != 1) || at + len > hlen) return 0;
        if ((h[at] == 0x83 || h[at] == 0x89) && len >= 3) {
            uint32_t n = h[at + 2] >= 4 ? (h[at + 2] - 4U) / 4 : 0;      // the routers that it came by
            if (n > (len - 3) / 4) n = (len - 3) / 4;
            if (!n) return 0;
            out[0] = h[at], out[1] = (unsigned char) (3 + n * 4), out[2] = 4;
            for (uint32_t i = 0; i < n; ++i) memcpy(out + 3 + i * 4, h + at + 3 + (n - 1 - i) * 4, 4);
            out[3 + n * 4] = 0;
            return 4 + n * 4;
        }
        at += len;
    }
    return 0;
}

Packet *ICMPError::simple_action(Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    unsigned char options[40];
    uint32_t olen = 0, quoted = 0;
    if (ip && !suppressed(p, ip)) {
        olen = route_back(ip, options);
        quoted = ip->ip_hl * 4 + IPPayload(p, ip).length;
        if (28 + olen + quoted > _mtu) quoted = _mtu > 28 + olen ? _mtu - 28 - olen : 0;
    }
    WritablePacket *q = quoted ? Packet::make(Packet::default_headroom, nullptr, 28 + olen + quoted, 0) : nullptr;
    if (!q) {
        p->kill();
        return nullptr;
    }
    click_ip *w = reinterpret_cast<click_ip *>(q->data());
    memset(w, 0, sizeof *w);
    w->ip_v = 4, w->ip_hl = (20 + olen) / 4, w->ip_ttl = 200, w->ip_p = IP_PROTO_ICMP;
    w->ip_len = htons((uint16_t) q->length());
    w->ip_id = htons(_id++);
    w->ip_src = _src.in_addr(), w->ip_dst = ip->ip_src;
    memcpy(q->data() + 20, options, olen);
    unsigned char *icmp = q->data() + 20 + olen;
    memset(icmp, 0, 8);
    icmp[0] = (unsigned char) _type, icmp[1] = (unsigned char) _code;
    if (_type == 12 && _code == 0) icmp[4] = ICMP_PARAMPROB_ANNO(p);
    if (_type == 5) memcpy(icmp + 4, p->dst_ip_anno().data(), 4);
    if (_type == 3 && _code == 4) icmp[6] = (unsigned char) (_pmtu >> 8), icmp[7] = (unsigned char) _pmtu;
    memcpy(icmp + 8, ip, quoted);
    uint16_t sum = click_in_cksum(icmp, (int) (8 + quoted));
    memcpy(icmp + 2, &sum, 2);
    w->ip_sum = click_in_cksum((const unsigned char *) w, (int) (20 + olen));
    q->set_ip_header(w, 20 + olen);
    q->set_dst_ip_anno(IPAddress(w->ip_dst));
    if (_use_fix) SET_FIX_IP_SRC_ANNO(q, 1);
    q->set_timestamp_anno(p->timestamp_anno());
    p->kill();
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ICMPError)
