#include <click/config.h>
#include "coalesce.hh"
#include "wire.hh"
#include <click/glue.hh>
CLICK_DECLS
namespace offload {

namespace {
enum { most_datagrams = 64 };           // UDP_MAX_SEGMENTS of kernels before 6.8

/** A frame that may be one of several. */
struct View {
    const unsigned char *d;
    uint32_t ip, l4, header, payload;
    bool v6, udp;
    const unsigned char *transport() const { return d + l4; }
    uint32_t field() const { return l4 + (udp ? 6 : 16); }
};
}

static bool view(const Packet *p, int allowed, View &v) {
    const unsigned char *d = v.d = p->data();
    const uint32_t length = p->length();
    uint16_t type;
    const uint32_t ip = v.ip = behind_tags(d, length, type);
    uint8_t protocol;
    if (type == ETHERTYPE_IP && ip + 20 <= length && d[ip] == 0x45 && get16(d + ip + 2) == length - ip && !(get16(d + ip + 6) & 0x3FFF))
        v.v6 = false, v.l4 = ip + 20, protocol = d[ip + 9];
    else if (type == ETHERTYPE_IP6 && ip + 40 <= length && d[ip] >> 4 == 6 && get16(d + ip + 4) == length - ip - 40)
        v.v6 = true, v.l4 = ip + 40, protocol = d[ip + 6];
    else
        return false;
    v.udp = protocol == IP_PROTO_UDP;
    if (v.udp) {
        v.header = v.l4 + 8;
        if (!(allowed & coalesce_udp) || v.header >= length || get16(v.transport() + 4) != length - v.l4
            || (!get16(d + v.field()) && (v.v6 || !(allowed & coalesce_unsummed))))
            return false;
    } else {
        // The flags that cutting treats by itself, or that belong to no stream of data, are not for it.
        if (protocol != IP_PROTO_TCP || !(allowed & coalesce_tcp) || v.l4 + 20 > length || (d[v.l4 + 12] & 15) || (d[v.l4 + 13] & ~(TH_ACK | TH_PUSH | TH_FIN)))
            return false;
        v.header = v.l4 + (d[v.l4 + 12] >> 4) * 4;
        if (v.header < v.l4 + 20 || v.header >= length)
            return false;
    }
    v.payload = length - v.header;
    return true;
}

/** Is @a b what cutting would make the @a k th segment of, after @a a? But for sums, and sizes. */
static bool follows(const View &a, const View &b, uint32_t k, int allowed) {
    if (a.ip != b.ip || a.v6 != b.v6 || a.udp != b.udp || a.header != b.header || memcmp(a.d, b.d, a.ip) != 0)
        return false;
    const unsigned char *x = a.d + a.ip, *y = b.d + b.ip;
    if (a.v6 ? memcmp(x, y, 4) != 0 || memcmp(x + 6, y + 6, 34) != 0
             : x[1] != y[1] || memcmp(x + 6, y + 6, 4) != 0 || memcmp(x + 12, y + 12, 8) != 0
               || ((uint16_t) (get16(x + 4) + k) != get16(y + 4) && !(allowed & coalesce_atomic && x[6] & 0x40)))
        return false;
    x = a.transport(), y = b.transport();
    if (memcmp(x, y, 4) != 0)
        return false;
    // All but the sequence number, the flags and the sum.
    return a.udp || (get32(x + 4) + k * a.payload == get32(y + 4) && memcmp(x + 8, y + 8, 5) == 0 && memcmp(x + 14, y + 14, 2) == 0
                     && memcmp(x + 18, y + 18, a.header - a.l4 - 18) == 0 && ((x[13] ^ y[13]) & TH_ACK) == 0);
}

/** Are its checksums those that would be computed? Zero and 0xFFFF sum to the same; of these only UDP sends the latter. Of a datagram
    without one there is nothing to ask: view() lets it pass only where it may get one. */
static bool sums_are_right(const View &v) {
    if (!v.v6 && (click_in_cksum(v.d + v.ip, 20) != 0 || get16(v.d + v.ip + 10) == 0xFFFF))
        return false;
    if (v.udp && !get16(v.d + v.field()))
        return true;
    const uint32_t length = v.header - v.l4 + v.payload;
    const uint32_t s = (uint32_t) (uint16_t) ~click_in_cksum(v.transport(), (int) length) + pseudo_sum(v.d + v.ip, v.v6, v.udp ? IP_PROTO_UDP : IP_PROTO_TCP, length);
    return (s & 0xFFFF) + (s >> 16) == 0xFFFF && (v.udp || get16(v.d + v.field()) != 0xFFFF);
}

/** No more after this one. */
static bool is_last(const View &first, const View &v) { return v.payload < first.payload || (!v.udp && (v.d[v.l4 + 13] & (TH_PUSH | TH_FIN))); }

static void fill(const View &first, const View &last, int n, SuperHeader &s) {
    const uint32_t total = first.header + (n - 1) * first.payload + last.payload, length = total - first.l4;
    unsigned char *o = s.bytes;
    s.length = first.header;
    memcpy(o, first.d, first.header);
    s.vnet = VnetHeader{needs_csum, (uint8_t) (first.udp ? gso_udp : first.v6 ? gso_tcp6 : gso_tcp4), (uint16_t) first.header, (uint16_t) first.payload,
                        (uint16_t) first.l4, (uint16_t) (first.udp ? 6 : 16)};
    put16(o + first.ip + (first.v6 ? 4 : 2), (uint16_t) (total - first.ip - (first.v6 ? 40 : 0)));
    if (!first.v6) {
        memset(o + first.ip + 10, 0, 2);
        const uint16_t sum = click_in_cksum(o + first.ip, 20);
        memcpy(o + first.ip + 10, &sum, 2);
    }
    if (first.udp)
        put16(o + first.l4 + 4, (uint16_t) length);
    else
        o[first.l4 + 13] = last.d[last.l4 + 13];
    const uint16_t sum = pseudo_sum(o + first.ip, first.v6, first.udp ? IP_PROTO_UDP : IP_PROTO_TCP, length);
    memcpy(o + first.field(), &sum, 2);
}

int coalesce(Packet *const *packets, int n, int allowed, SuperHeader &header) {
    View first, last, next;
    if (n < 2 || !view(packets[0], allowed, first) || is_last(first, first) || !view(packets[1], allowed, last) || !follows(first, last, 1, allowed)
        || last.payload > first.payload || !sums_are_right(first) || !sums_are_right(last))
        return 1;
    const int limit = first.udp && n > most_datagrams ? (int) most_datagrams : n;
    uint32_t total = first.header - first.ip + first.payload + last.payload;
    int k = 2;
    for (; k < limit && !is_last(first, last) && view(packets[k], allowed, next) && follows(first, next, (uint32_t) k, allowed) && next.payload <= first.payload
           && total + next.payload <= 65535 && sums_are_right(next); ++k) {
        total += next.payload;
        last = next;
    }
    if (total > 65535)
        return 1;
    fill(first, last, k, header);
    return k;
}

}
CLICK_ENDDECLS
