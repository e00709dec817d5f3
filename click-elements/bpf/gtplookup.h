// What a packet's key is known to be made into, and what a header has that is filled in: for the programs of both hooks.
#ifndef LCLICK_GTPLOOKUP_H
#define LCLICK_GTPLOOKUP_H
#include "gtpkernel.h"

/** An even number of bytes, with as few accesses as there can be: memcpy() of what may lie anywhere would be byte by byte. */
INLINE void copy(uint8_t *to, const uint8_t *from, uint32_t size) {
    uint32_t at = 0;
#pragma unroll
    for (; at + 8 <= size; at += 8)
        *(uint64_t *) (to + at) = *(const uint64_t *) (from + at);
    if (size & 4)
        *(uint32_t *) (to + at) = *(const uint32_t *) (from + at), at += 4;
    if (size & 2)
        *(uint16_t *) (to + at) = *(const uint16_t *) (from + at);
}

INLINE int differ(const uint32_t *a, const uint32_t *b) { return (a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]); }

/** That of a key with this hash, if there is one. */
INLINE struct gtpfast_slot *slot_of(uint32_t hash, const struct gtpfast_config *c) {
    uint32_t at = hash & c->mask, index = 0;
    const struct gtpfast_bucket *b = map_lookup(&buckets, &at);
    if (!b)
        return 0;
#pragma unroll
    for (int n = 0; n < gtpfast_nplaces; ++n) {
        const uint64_t place = b->place[n];
        if (place >> 32 == hash) {
            index = (uint32_t) place;
            break;
        }
    }
    return index-- ? map_lookup(&slots, &index) : 0;
}

/** That of this key, in a tunnel with these ends, if it is to be in one. */
INLINE struct gtpfast_slot *find(const struct gtpfast_key *k, const struct gtpfast_ends *e, const struct gtpfast_config *c) {
    struct gtpfast_slot *s = slot_of(gtpfast_hash(k, c->seed), c);
    if (!s)
        return 0;
    const struct gtpfast_key *x = &s->key;
    if (differ(k->inner_src, x->inner_src) || differ(k->inner_dst, x->inner_dst) || (e && (differ(e->src, s->ends.src) || differ(e->dst, s->ends.dst))))
        return 0;
    return (k->teid ^ x->teid) | (gtpfast_ports(k) ^ gtpfast_ports(x)) | (uint32_t) (gtpfast_kind(k) ^ gtpfast_kind(x)) ? 0 : s;
}

/** The same of one that is plain. A downlink tunnel is its UE's, whatever is in it. */
INLINE struct gtpfast_slot *find_plain(uint32_t kind, const struct gtpfast_plain *i, const struct gtpfast_plain_tunnel *t, const struct gtpfast_config *c) {
    const int flow = kind != gtpfast_downlink;
    const uint32_t src = flow ? i->src : 0, ports = flow ? i->ports : 0, teid = t ? t->teid : 0;
    if (flow)
        kind |= (uint32_t) i->proto << 8;
    struct gtpfast_slot *s = slot_of(gtpfast_hash4(flow, src, i->dst, teid, ports, kind, c->seed), c);
    if (!s || !s->plain)
        return 0;
    const struct gtpfast_key *x = &s->key;
    if ((src ^ x->inner_src[3]) | (i->dst ^ x->inner_dst[3]) | (teid ^ x->teid) | (ports ^ gtpfast_ports(x)) | (kind ^ gtpfast_kind(x)))
        return 0;
    return t && (t->src ^ s->ends.src[3]) | (t->dst ^ s->ends.dst[3]) ? 0 : s;
}

/** 0 if what it says holds, else why its packet goes up. */
INLINE int doubt(struct gtpfast_slot *s, const struct gtpfast_config *c, uint64_t now) {
    uint32_t bucket = s->ue_bucket;
    uint64_t *ue = map_lookup(&ues, &bucket);
    if (!ue || s->generation != c->generation || s->ue_generation != (uint32_t) *ue)
        return gtpfast_void;
    if (now > s->lease_ns)
        return gtpfast_lease;
    if (unlikely(now > s->renew_ns) && !s->asked) {
        s->asked = 1;
        return gtpfast_renewal;
    }
    return 0;
}

/** Does a frame with so many bytes behind an Ethernet header of so many fit? A VLAN tag comes on top. */
INLINE int fits(const struct gtpfast_config *c, uint32_t to, uint32_t payload, uint32_t ether) {
    return to < gtpfast_nports && payload + ether <= c->mtu[to] + 14 + (ether > 14 ? 4 : 0);
}

/** Whose tunnel: the address that the packet inside goes to, and how long that is. 0, or why it goes up. */
INLINE int look_for_ue(const uint8_t *p, const uint8_t *end, uint32_t room, struct gtpfast_key *k, uint32_t *length) {
    if (p + 20 > end || room < 20)
        return gtpfast_malformed;
    if (p[0] == 0x45) {
        *length = net16(get16(p + 2));
        get_address4(p + 16, k->inner_dst);
        return *length < 20 || *length > room ? gtpfast_malformed : 0;
    }
    if (p[0] >> 4 != 6)
        return gtpfast_unusual;
    if (p + 40 > end)
        return gtpfast_malformed;
    *length = net16(get16(p + 4)) + 40u;
    k->inner_dst[0] = get32(p + 24), k->inner_dst[1] = get32(p + 28);
    return *length > room ? gtpfast_malformed : 0;
}

/** What the outer header has for DSCP and ECN; -1 if that is not known. */
INLINE int outer_tos(const struct gtpfast_slot *s, uint8_t inner) {
#pragma unroll
    for (int n = 0; n < gtpfast_ntos; ++n)
        if (n < s->ntos && s->tos[n][0] == inner)
            return s->tos[n][1];
    return -1;
}

/** The sum of the UE's packet, which is the tunnel's to carry over IPv6: without looking at what it carries, since that has a checksum
    and so, with its pseudo-header, comes to nothing. */
INLINE uint32_t sum_inside(const uint8_t *p, const uint8_t *end, const struct gtpfast_inner *i) {
    uint32_t sum = (uint16_t) ~fold(i->sum);
    if (p[0] == 0x45)                   // its header's is in there, too
        return i->sum ? sum : 0;
    if (p + 40 > end)
        return 0;
#pragma unroll
    for (int n = 0; n < 40; n += 4)
        sum += words(get32(p + n));
    return sum;
}

INLINE void fill4(uint8_t *p, const struct gtpfast_slot *s, uint32_t udp, uint32_t id, uint8_t tos) {
    const uint32_t total = udp + 20;
    p[1] = tos;
    put16(p + 2, total);
    put16(p + 4, id);
    put16(p + 10, ~fold(s->sum + tos + (total & 0xFFFF) + (id & 0xFFFF)));
    put16(p + 24, udp);
    put16(p + 30, udp - 16);
}

INLINE void fill6(uint8_t *p, const struct gtpfast_slot *s, uint32_t udp, uint32_t inside, uint8_t tos) {
    p[0] = 0x60 | tos >> 4, p[1] = (uint8_t) (tos << 4) | (p[1] & 15);
    put16(p + 4, udp);
    put16(p + 44, udp);
    put16(p + 50, udp - 16);
    const uint16_t sum = ~fold(s->sum + 2u * net16(udp) + net16(udp - 16) + inside);
    *(uint16_t *) (p + 46) = sum ? sum : 0xFFFF;
}

#endif
