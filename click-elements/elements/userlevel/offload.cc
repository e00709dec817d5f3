#include <click/config.h>
#include <clicknet/ether.h>
#include <clicknet/ip.h>
#include <click/glue.hh>
#include <clicknet/tcp.h>
#include "offload.hh"
CLICK_DECLS
namespace offload {

static uint16_t get16(const unsigned char *d) { return d[0] << 8 | d[1]; }
static void put16(unsigned char *d, uint16_t x) { d[0] = x >> 8, d[1] = (unsigned char) x; }
static uint32_t get32(const unsigned char *d) { return (uint32_t) get16(d) << 16 | get16(d + 2); }
static void put32(unsigned char *d, uint32_t x) { put16(d, x >> 16), put16(d + 2, (uint16_t) x); }

static Packet *insert_vlan(Packet *p, uint32_t vlan) {
    WritablePacket *q = p->push(4);
    if (q) {
        memmove(q->data(), q->data() + 4, 12);
        put32(q->data() + 12, vlan);
    }
    return q;
}

/** Cut a TCP super-frame into segments of @a h.gso_size bytes each (RFC 9293; what the kernel's tcp_gso_segment does). */
static Packet *segment_tcp(WritablePacket *p, const Hint &h) {
    uint32_t tcp = h.csum_start, len = p->length();
    bool v6 = (h.gso_type & ~gso_ecn) == gso_tcp6;
    const unsigned char *d = p->data();
    uint32_t ip = 14;
    for (int i = 0; i < 2 && ip + 4 <= len && (get16(d + ip - 2) == ETHERTYPE_8021Q || get16(d + ip - 2) == ETHERTYPE_8021AD); ++i)
        ip += 4;
    uint32_t header = tcp + 20 <= len ? tcp + (d[tcp + 12] >> 4) * 4 : len;
    if (!h.gso_size || !(h.flags & needs_csum) || tcp < ip + (v6 ? 40 : 20) || header < tcp + 20 || header >= len) {
        p->kill();
        return nullptr;
    }
    Packet *first = nullptr, **tail = &first;
    uint32_t seq = get32(d + tcp + 4);
    uint16_t id = v6 ? 0 : get16(d + ip + 4);
    uint8_t flags = d[tcp + 13];
    for (uint32_t at = header, k = 0; at < len; at += h.gso_size, ++k) {
        uint32_t n = len - at < h.gso_size ? len - at : h.gso_size;
        bool last = at + n == len;
        WritablePacket *q = Packet::make(p->headroom(), nullptr, header + n, 0);
        if (!q)
            break;
        unsigned char *o = q->data();
        memcpy(o, d, header);
        memcpy(o + header, d + at, n);
        uint32_t l4 = header - tcp + n;
        // FIN and PSH belong to the last segment, CWR to the first.
        o[tcp + 13] = flags & ~((last ? 0 : TH_FIN | TH_PUSH) | (k ? 0x80 : 0));
        put32(o + tcp + 4, seq + k * h.gso_size);
        uint32_t pseudo = IP_PROTO_TCP + l4;
        const unsigned char *addresses = o + ip + (v6 ? 8 : 12);
        for (int i = 0; i < (v6 ? 32 : 8); i += 2)
            pseudo += get16(addresses + i);
        if (v6)
            put16(o + ip + 4, (uint16_t) (tcp - ip - 40 + l4));
        else {
            put16(o + ip + 2, (uint16_t) (tcp - ip + l4));
            put16(o + ip + 4, (uint16_t) (id + k));
            memset(o + ip + 10, 0, 2);
            uint16_t s = click_in_cksum(o + ip, tcp - ip);
            memcpy(o + ip + 10, &s, 2);
        }
        pseudo = (pseudo & 0xFFFF) + (pseudo >> 16);
        put16(o + tcp + 16, (uint16_t) (pseudo + (pseudo >> 16)));
        uint16_t s = click_in_cksum(o + tcp, l4);
        memcpy(o + tcp + 16, &s, 2);
        q->set_timestamp_anno(p->timestamp_anno());
        *tail = q;
        tail = &q->next();
    }
    p->kill();
    return first;
}

Packet *complete(WritablePacket *p, const Hint &h) {
    Packet *list = p;
    if (h.gso_type != gso_none) {
        uint8_t type = h.gso_type & ~gso_ecn;
        if (type != gso_tcp4 && type != gso_tcp6) {
            p->kill();
            return nullptr;
        }
        list = segment_tcp(p, h);
    } else if (h.flags & needs_csum) {
        // The field holds the pseudo-header's sum already: the sum from csum_start on finishes it.
        uint32_t start = h.csum_start, field = start + h.csum_offset;
        if (field + 2 > p->length()) {
            p->kill();
            return nullptr;
        }
        uint16_t s = click_in_cksum(p->data() + start, (int) (p->length() - start));
        if (!s && h.csum_offset == 6)
            s = 0xFFFF;         // RFC 768: a computed zero is sent as all ones
        memcpy(p->data() + field, &s, 2);
    }
    if (h.vlan) {
        Packet *out = nullptr, **tail = &out;
        while (list) {
            Packet *next = list->next(), *q;
            list->set_next(nullptr);
            if ((q = insert_vlan(list, h.vlan))) {
                *tail = q;
                tail = &q->next();
            }
            list = next;
        }
        list = out;
    }
    return list;
}

static uint16_t sum_of(const unsigned char *d, int n, uint32_t s) {
    uint16_t w;
    for (int i = 0; i < n; i += 2) {
        memcpy(&w, d + i, 2);
        s += w;
    }
    s = (s & 0xFFFF) + (s >> 16);
    return (uint16_t) (s + (s >> 16));
}

void complete_if_partial(WritablePacket *p) {
    unsigned char *d = p->data();
    uint32_t ip = 14, len = p->length(), l4, end, field;
    for (int i = 0; i < 2 && ip + 4 <= len && (get16(d + ip - 2) == ETHERTYPE_8021Q || get16(d + ip - 2) == ETHERTYPE_8021AD); ++i)
        ip += 4;
    uint16_t type = ip <= len ? get16(d + ip - 2) : 0, pseudo;
    uint8_t protocol;
    if (type == ETHERTYPE_IP && ip + 20 <= len) {
        l4 = ip + (d[ip] & 15) * 4, end = ip + get16(d + ip + 2), protocol = d[ip + 9];
        if (d[ip] >> 4 != 4 || l4 < ip + 20 || end < l4 || (get16(d + ip + 6) & 0x3FFF) || end > len)
            return;
        pseudo = sum_of(d + ip + 12, 8, htons((uint16_t) (end - l4)) + htons(protocol));
    } else if (type == ETHERTYPE_IP6 && ip + 40 <= len) {
        l4 = ip + 40, end = l4 + get16(d + ip + 4), protocol = d[ip + 6];
        if (end > len)
            return;
        pseudo = sum_of(d + ip + 8, 32, htons((uint16_t) (end - l4)) + htons(protocol));
    } else
        return;
    if (protocol == IP_PROTO_TCP) field = l4 + 16;
    else if (protocol == IP_PROTO_UDP) field = l4 + 6;
    else return;
    uint16_t now;
    if (field + 2 > end || (memcpy(&now, d + field, 2), now != pseudo))
        return;
    uint16_t s = click_in_cksum(d + l4, (int) (end - l4));
    if (!s && protocol == IP_PROTO_UDP)
        s = 0xFFFF;
    memcpy(d + field, &s, 2);
}

}
CLICK_ENDDECLS
