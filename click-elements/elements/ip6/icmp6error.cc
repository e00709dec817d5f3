#include <click/config.h>
#include "icmp6error.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <clicknet/icmp.h>
#include "ip6packet.hh"
CLICK_DECLS

#ifndef FIX_IP_SRC_ANNO_OFFSET
# define FIX_IP_SRC_ANNO_OFFSET 19
#endif

int ICMP6Error::configure(Vector<String> &conf, ErrorHandler *errh) {
    unsigned type, code, mtu = 1500;
    IP6Address src;
    if (Args(conf, this, errh).read_mp("SRC", src).read_mp("TYPE", type).read_mp("CODE", BoundedIntArg(0, 255), code).read("MTU", mtu).complete() < 0)
        return -1;
    if ((type < ICMP6_UNREACH || type > ICMP6_PARAMPROB) && type != redirect)
        return errh->error("ICMP6 type %u is not an error or redirect type", type);
    _src = src, _type = (uint8_t) type, _code = (uint8_t) code, _mtu = mtu;
    return 0;
}

/** RFC 4443 §2.4 (e). */
bool ICMP6Error::deserves(const Packet *p) const {
    const click_ip6 *ip = ip6_header_of(p);
    if (!ip)
        return false;
    IP6Address src(ip->ip6_src.s6_addr), dst(ip->ip6_dst.s6_addr), loopback;
    loopback.data()[15] = 1;
    bool even_multicast = _type == ICMP6_PKTTOOBIG || (_type == ICMP6_PARAMPROB && _code == ICMP6_PARAMPROB_OPTION);
    if (!src || src == loopback || src.is_multicast() || (dst.is_multicast() && !even_multicast))
        return false;
    IP6Chain chain(ip, p->network_length());
    if (!chain.first)
        return false;
    if (!chain.whole || chain.proto != IP6_NXT_ICMP6)
        return true;
    if (p->network_length() - chain.offset < 1)
        return false;
    unsigned char type = p->network_header()[chain.offset];
    return type >= 128 && type != redirect;
}

Packet *ICMP6Error::simple_action(Packet *p) {
    WritablePacket *q = nullptr;
    if (deserves(p)) {
        const click_ip6 *ip = ip6_header_of(p);
        uint32_t header = _type == redirect ? sizeof(click_icmp6_redirect) : sizeof(click_icmp6);
        uint32_t quoted = std::min((uint32_t) p->network_length(), (uint32_t) (most - sizeof(click_ip6) - header)), payload = header + quoted;
        q = Packet::make(Packet::default_headroom, nullptr, sizeof(click_ip6) + payload, 0);
        if (q) {
            unsigned char *icmp = q->data() + sizeof(click_ip6);
            IP6Address dst(ip->ip6_src.s6_addr);
            ip6_make_header(reinterpret_cast<click_ip6 *>(q->data()), _src, dst, IP6_NXT_ICMP6, payload, 255);
            memset(icmp, 0, header);
            icmp[0] = _type, icmp[1] = _code;
            if (_type == ICMP6_PKTTOOBIG) {
                uint32_t mtu = htonl(_mtu);
                memcpy(icmp + 4, &mtu, 4);
            } else if (_type == redirect) {
                memcpy(icmp + 8, dst_ip6_anno(p).data(), 16);
                memcpy(icmp + 24, &ip->ip6_dst, 16);
            }
            memcpy(icmp + header, ip, quoted);
            uint16_t sum = ip6_transport_cksum(_src, dst, IP6_NXT_ICMP6, icmp, payload);
            memcpy(icmp + 2, &sum, 2);
            q->set_network_header(q->data(), sizeof(click_ip6));
            set_dst_ip6_anno(q, dst);
            q->set_anno_u8(FIX_IP_SRC_ANNO_OFFSET, 1);
            q->set_timestamp_anno(Timestamp::recent());
        }
    }
    p->kill();
    return q;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ICMP6Error)
