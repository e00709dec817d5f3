#include <click/config.h>
#include "offload.hh"
#include "wire.hh"
#include <click/glue.hh>
CLICK_DECLS
namespace offload {

static Packet *insert_vlan(Packet *p, uint32_t vlan) {
    WritablePacket *q = p->push(4);
    if (q) {
        memmove(q->data(), q->data() + 4, 12);
        put32(q->data() + 12, vlan);
    }
    return q;
}

Packet *complete(WritablePacket *p, const Hint &h) {
    if (h.flags & needs_csum) {
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
    return h.vlan ? insert_vlan(p, h.vlan) : p;
}

void complete_if_partial(WritablePacket *p) {
    unsigned char *d = p->data();
    uint16_t type, pseudo;
    uint32_t len = p->length(), ip = behind_tags(d, len, type), l4, end, field;
    uint8_t protocol;
    if (type == ETHERTYPE_IP && ip + 20 <= len) {
        l4 = ip + (d[ip] & 15) * 4, end = ip + get16(d + ip + 2), protocol = d[ip + 9];
        if (d[ip] >> 4 != 4 || l4 < ip + 20 || end < l4 || (get16(d + ip + 6) & 0x3FFF) || end > len)
            return;
        pseudo = pseudo_sum(d + ip, false, protocol, end - l4);
    } else if (type == ETHERTYPE_IP6 && ip + 40 <= len) {
        l4 = ip + 40, end = l4 + get16(d + ip + 4), protocol = d[ip + 6];
        if (end > len)
            return;
        pseudo = pseudo_sum(d + ip, true, protocol, end - l4);
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
