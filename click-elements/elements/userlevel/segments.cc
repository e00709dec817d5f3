#include <click/config.h>
#include "segments.hh"
#include "wire.hh"
#include <click/glue.hh>
CLICK_DECLS
namespace offload {

namespace {
enum { max_header = 512, protocol_ip6 = 41, gtpu_port = 2152 };

struct Ip { uint32_t at, payload; bool v6; };

/** Where things are in a frame: in a tunnel there are two IP headers, else `outer` and `inner` are the same. */
struct Layout {
    Ip outer, inner;
    uint32_t tunnel_udp = 0;        // the UDP header of the tunnel, or 0
    uint32_t l4 = 0, header = 0;    // of what is cut; the end of all headers
    bool udp = false;
};
}

/** The IP header at @a at with what belongs to it: options, or extension headers that need no change when a packet is cut. False if it is
    none. In @a protocol what comes next. */
static bool read_ip(const unsigned char *d, uint32_t length, uint32_t at, Ip &ip, uint8_t &protocol) {
    ip.at = at;
    if (at + 20 <= length && d[at] >> 4 == 4) {
        ip.v6 = false, ip.payload = at + (d[at] & 15) * 4, protocol = d[at + 9];
        return ip.payload >= at + 20 && ip.payload <= length && !(get16(d + at + 6) & 0x3FFF);
    }
    if (at + 40 > length || d[at] >> 4 != 6)
        return false;
    ip.v6 = true, ip.payload = at + 40, protocol = d[at + 6];
    while ((protocol == 0 || protocol == 43 || protocol == 60) && ip.payload + 8 <= length) {
        protocol = d[ip.payload];
        ip.payload += 8 + d[ip.payload + 1] * 8u;
    }
    return ip.payload <= length;
}

/** In a tunnel whose header is of no fixed length: the IP header that ends at @a l4. It must say so itself, and fit the frame. */
static bool find_inner(const unsigned char *d, uint32_t length, uint32_t from, uint32_t l4, uint8_t wanted, Ip &ip) {
    uint8_t protocol;
    for (uint32_t size = 20; size <= 60; size += 4) {
        if (l4 < from + size)
            return false;
        const uint32_t at = l4 - size;
        if (read_ip(d, length, at, ip, protocol) && ip.payload == l4 && protocol == wanted
            && (ip.v6 ? get16(d + at + 4) == length - at - 40 : get16(d + at + 2) == length - at && click_in_cksum(d + at, size) == 0))
            return true;
    }
    return false;
}

static bool read_layout(const unsigned char *d, uint32_t length, const Hint &h, Layout &l) {
    const uint8_t type = h.gso_type & ~gso_ecn;
    if ((type != gso_tcp4 && type != gso_tcp6 && type != gso_udp) || !h.gso_size)
        return false;
    l.udp = type == gso_udp;
    const uint8_t wanted = l.udp ? IP_PROTO_UDP : IP_PROTO_TCP;
    uint16_t ethertype;
    uint8_t protocol;
    const uint32_t at = behind_tags(d, length, ethertype);
    if (!read_ip(d, length, at, l.outer, protocol) || ethertype != (l.outer.v6 ? ETHERTYPE_IP6 : ETHERTYPE_IP))
        return false;
    // Without a checksum to complete (of what came together on its way here) nothing tells where the header is, but there are no tunnels.
    l.l4 = h.flags & needs_csum ? h.csum_start : l.outer.payload;
    if (l.l4 == l.outer.payload && protocol == wanted)
        l.inner = l.outer;
    else {
        uint32_t tunnel = l.outer.payload;
        if (protocol == IP_PROTO_UDP) {
            l.tunnel_udp = tunnel;
            tunnel += 8;
        } else if (protocol == IP_PROTO_GRE) {
            if (tunnel + 4 > length || (d[tunnel] & 0xC0))      // with a checksum
                return false;
            tunnel += 4;
        } else if (protocol != IP_PROTO_IPIP && protocol != protocol_ip6)
            return false;
        if (tunnel > length || !find_inner(d, length, tunnel, l.l4, wanted, l.inner))
            return false;
    }
    if (l.l4 + (l.udp ? 8 : 20) > length)
        return false;
    l.header = l.l4 + (l.udp ? 8 : (d[l.l4 + 12] >> 4) * 4);
    return l.header >= l.l4 + (l.udp ? 8 : 20) && l.header < length && l.header <= max_header && (length - l.header - 1) / h.gso_size < max_segments;
}

/** Make the lengths and, in IPv4, the number of the packet and the sum those of segment @a k in a frame of @a length bytes. */
static void mend_ip(unsigned char *o, const Ip &ip, uint32_t length, uint32_t k) {
    unsigned char *h = o + ip.at;
    if (ip.v6) {
        put16(h + 4, (uint16_t) (length - ip.at - 40));
        return;
    }
    put16(h + 2, (uint16_t) (length - ip.at));
    put16(h + 4, (uint16_t) (get16(h + 4) + k));
    memset(h + 10, 0, 2);
    const uint16_t s = click_in_cksum(h, (int) (ip.payload - ip.at));
    memcpy(h + 10, &s, 2);
}

/** Fill in the checksum of what begins at @a l4, at its @a field. */
static void mend_sum(unsigned char *o, const Ip &ip, uint32_t l4, uint32_t field, uint8_t protocol, uint32_t length) {
    uint16_t s = pseudo_sum(o + ip.at, ip.v6, protocol, length - l4);
    memcpy(o + l4 + field, &s, 2);
    s = click_in_cksum(o + l4, (int) (length - l4));
    if (!s && protocol == IP_PROTO_UDP)
        s = 0xFFFF;             // RFC 768: a computed zero is sent as all ones
    memcpy(o + l4 + field, &s, 2);
}

bool cut(const unsigned char *d, uint32_t length, uint32_t headroom, const Hint &h, BatchBuilder &out) {
    Layout l;
    if (!read_layout(d, length, h, l))
        return false;
    const bool tunnel = l.inner.at != l.outer.at;
    const uint32_t seq = l.udp ? 0 : get32(d + l.l4 + 4), shift = h.vlan ? 4 : 0;
    const uint8_t flags = l.udp ? 0 : d[l.l4 + 13];
    for (uint32_t at = l.header, k = 0; at < length; at += h.gso_size, ++k) {
        const uint32_t n = length - at < h.gso_size ? length - at : h.gso_size, total = l.header + n;
        WritablePacket *q = Packet::make(headroom, nullptr, shift + total, 0);
        if (!q)
            return k;
        unsigned char *o = q->data() + shift;
        memcpy(o, d, l.header);
        memcpy(o + l.header, d + at, n);
        mend_ip(o, l.inner, total, k);
        if (l.udp)
            put16(o + l.l4 + 4, (uint16_t) (total - l.l4));
        else {
            // FIN and PSH belong to the last segment, CWR to the first (RFC 9293, RFC 3168).
            o[l.l4 + 13] = flags & ~((at + n == length ? 0 : TH_FIN | TH_PUSH) | (k ? TH_CWR : 0));
            put32(o + l.l4 + 4, seq + k * h.gso_size);
        }
        mend_sum(o, l.inner, l.l4, l.udp ? 6 : 16, l.udp ? IP_PROTO_UDP : IP_PROTO_TCP, total);
        if (tunnel)
            mend_ip(o, l.outer, total, k);
        if (l.tunnel_udp) {
            put16(o + l.tunnel_udp + 4, (uint16_t) (total - l.tunnel_udp));
            if (get16(o + l.tunnel_udp + 2) == gtpu_port && l.tunnel_udp + 16 <= l.inner.at)
                put16(o + l.tunnel_udp + 10, (uint16_t) (total - l.tunnel_udp - 16));
            if (get16(o + l.tunnel_udp + 6))        // zero: none (RFC 768, RFC 6935)
                mend_sum(o, l.outer, l.tunnel_udp, 6, IP_PROTO_UDP, total);
        }
        if (shift) {
            memmove(q->data(), o, 12);
            put32(q->data() + 12, h.vlan);
        }
        out.append(q);
    }
    return true;
}

}
CLICK_ENDDECLS
