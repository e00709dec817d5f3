#include <click/config.h>
#include "ndmessage.hh"
#include <clicknet/ether.h>
CLICK_DECLS

enum { ether = sizeof(click_ether), ip_end = ether + sizeof(click_ip6), fixed = 24 };

bool NDMessage::parse(const Packet *p, uint8_t type) {
    const unsigned char *d = p->data();
    if (p->length() < ip_end + fixed || d[12] != ETHERTYPE_IP6 >> 8 || d[13] != (ETHERTYPE_IP6 & 0xFF))
        return false;
    const click_ip6 *ip = reinterpret_cast<const click_ip6 *>(d + ether);
    const unsigned char *m = d + ip_end;
    uint32_t len = ntohs(ip->ip6_plen);
    if (!IP6_CHECK_V(*ip) || ip->ip6_nxt != IP6_NXT_ICMP6 || ip->ip6_hlim != 255 || len < fixed || len > p->length() - ip_end || m[0] != type || m[1] != 0)
        return false;
    src = IP6Address(ip->ip6_src.s6_addr), dst = IP6Address(ip->ip6_dst.s6_addr), target = IP6Address(m + 8);
    if (target.is_multicast() || ip6_transport_cksum(src, dst, IP6_NXT_ICMP6, m, len))
        return false;
    frame_source = EtherAddress(d + 6), flags = m[4], has_link_address = false;
    for (uint32_t at = fixed, n; at < len; at += n) {
        if (len - at < 2 || !(n = 8u * m[at + 1]) || n > len - at)
            return false;
        if (m[at] == (type == solicitation ? source_option : target_option) && n == 8)
            link_address = EtherAddress(m + at + 2), has_link_address = !link_address.is_group();
    }
    if (type == solicitation && !src)      // whether its address is free is asked in the group only, and without address
        return !has_link_address && dst == solicited_node(target);
    return !(type == advertisement && dst.is_multicast() && (flags & solicited));
}

WritablePacket *NDMessage::make(uint8_t type, uint8_t flags, const EtherAddress &to_mac, const EtherAddress &own, const IP6Address &src, const IP6Address &dst,
                                const IP6Address &target) {
    WritablePacket *q = Packet::make(Packet::default_headroom, nullptr, ip_end + fixed + 8, 0);
    if (!q)
        return nullptr;
    unsigned char *d = q->data(), *m = d + ip_end;
    memcpy(d, to_mac.data(), 6);
    memcpy(d + 6, own.data(), 6);
    d[12] = ETHERTYPE_IP6 >> 8, d[13] = ETHERTYPE_IP6 & 0xFF;
    ip6_make_header(reinterpret_cast<click_ip6 *>(d + ether), src, dst, IP6_NXT_ICMP6, fixed + 8, 255);
    memset(m, 0, 8);
    m[0] = type, m[4] = flags;
    memcpy(m + 8, target.data(), 16);
    m[fixed] = type == solicitation ? source_option : target_option;
    m[fixed + 1] = 1;
    memcpy(m + fixed + 2, own.data(), 6);
    uint16_t sum = ip6_transport_cksum(src, dst, IP6_NXT_ICMP6, m, fixed + 8);
    memcpy(m + 2, &sum, 2);
    q->set_mac_header(d, ether);
    q->set_network_header(d + ether, sizeof(click_ip6));
    return q;
}

IP6Address NDMessage::solicited_node(const IP6Address &a) {
    unsigned char d[16] = {0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, a.data()[13], a.data()[14], a.data()[15]};
    return IP6Address(d);
}
EtherAddress NDMessage::group_mac(const IP6Address &group) {
    const unsigned char *g = group.data();
    unsigned char d[6] = {0x33, 0x33, g[12], g[13], g[14], g[15]};
    return EtherAddress(d);
}

CLICK_ENDDECLS
