// What the programs do to a packet that they forward: stripping, wrapping, completing checksums.
#ifndef LCLICK_GTPREWRITE_H
#define LCLICK_GTPREWRITE_H
#include "gtpkernel.h"

/** A sum that was left to the device: @a length bytes of TCP or UDP at @a offset, the sum at @a field. They are looked at in a copy, which has no
    end that would have to be asked for at every step. False if that is too much; then nothing was changed. */
INLINE int complete(struct xdp_md *ctx, uint32_t offset, uint64_t length, uint32_t field) {
    uint32_t zero = 0, sum = 0;
    uint8_t *copy = map_lookup(&scratch, &zero);
    if (!copy || length > gtpfast_scratch - 4)
        return 0;
    asm volatile("" : "+r"(length));    // from here on it is one register, whose bounds are known
    length &= gtpfast_scratch - 1;
    asm volatile("" : "+r"(length));
    if (length < 8 || length > gtpfast_scratch - 4 || load_bytes(ctx, offset, copy, length))
        return 0;
    *(copy + length) = 0, *(copy + length + 1) = 0, *(copy + length + 2) = 0;
    uint64_t left = (length + 3) & ~3ull;
    for (int n = 0; n < gtpfast_scratch / 512; ++n) {
        uint64_t size = left > 512 ? 512 : left;
        sum = csum_diff(0, 0, copy + n * 512, size, sum);
        left -= size;
        if (!left)
            break;
    }
    uint16_t result = ~fold(sum);
    if (!result)
        result = 0xFFFF;
    return !store_bytes(ctx, offset + field, &result, 2);
}

/** That of the outer UDP header of an IP packet at @a offset. */
INLINE int complete_outer(struct xdp_md *ctx, uint32_t offset, const struct gtpfast_tunnel *t, int native) {
    return native && complete(ctx, offset + t->outer, t->udp, 6);
}

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

/** The Ethernet header @a s has, before what begins at @a offset and is @a length long. */
INLINE int strip(struct xdp_md *ctx, struct gtpfast_slot *s, uint32_t offset, uint32_t length) {
    uint32_t whole = ctx->data_end - ctx->data, ether = s->length;
    if (whole > offset + length && adjust_tail(ctx, -(int) (whole - offset - length)))
        return -1;
    if (adjust_head(ctx, (int) offset - (int) ether))
        return -1;
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    if (data + 14 > end)
        return -1;
    copy(data, s->header, 14);
    if (ether > 14) {
        if (data + 18 > end)
            return -1;
        copy(data + 14, s->header + 14, 4);
    }
    if (ether > 18) {
        if (data + 22 > end)
            return -1;
        copy(data + 18, s->header + 18, 4);
    }
    return 0;
}

/** What the outer header has for DSCP and ECN; -1 if that is not known. */
INLINE int outer_tos(const struct gtpfast_slot *s, uint8_t inner) {
#pragma unroll
    for (int n = 0; n < gtpfast_ntos; ++n)
        if (n < s->ntos && s->tos[n][0] == inner)
            return s->tos[n][1];
    return -1;
}

/** Is the frame tagged as those are that go out on the local leg? */
INLINE int tagged_alike(const struct gtpfast_slot *s, const uint8_t *data, const uint8_t *p, const uint8_t *end) {
    if (s->leg_length != p - data)
        return 0;
    if (s->leg_length > 14 && (data + 16 > end || ((get16(data + 14) ^ s->leg_tag[0]) & net16(0xFFF))))
        return 0;
    return s->leg_length <= 18 || (data + 20 <= end && !((get16(data + 18) ^ s->leg_tag[1]) & net16(0xFFF)));
}

/** Does the frame come on the VLAN that the tunnel is on? A path is one of a VLAN (GTPPathKey): another's may have the same addresses and TEIDs. */
INLINE int tunnel_tagged_alike(const struct gtpfast_slot *s, const uint8_t *data, const uint8_t *end) {
    if (data + 16 > end)
        return 0;
    const uint16_t type = get16(data + 12);
    return is_tag(type) ? type == s->vlan.tpid && !((get16(data + 14) ^ s->vlan.id) & net16(0xFFF)) : !s->vlan.tpid;
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

/** The tunnel's headers, before the UE's packet of @a length, which is all there is. */
INLINE int wrap(struct xdp_md *ctx, struct gtpfast_slot *s, uint32_t id, uint32_t length, uint32_t inside, uint8_t tos) {
    uint8_t *data = (uint8_t *) (long) ctx->data, *end = (uint8_t *) (long) ctx->data_end;
    uint32_t size = s->length, at = s->ip_at;
    if (data + 58 > end)
        return -1;
    if (size == 50)
        copy(data, s->header, 50);
    else if (size == 54)
        copy(data, s->header, 54);
    else if (size == 58)
        copy(data, s->header, 58);
    else {
        if (size > gtpfast_header || size < 50 || store_bytes(ctx, 0, s->header, size))
            return -1;
        data = (uint8_t *) (long) ctx->data, end = (uint8_t *) (long) ctx->data_end;
    }
    if (at > 22)
        return -1;
    uint8_t *p = data + at;
    if (s->outer6) {
        if (p + 56 > end)
            return -1;
        fill6(p, s, size - at - 40 + length, inside, tos);
    } else {
        if (p + 36 > end)
            return -1;
        fill4(p, s, size - at - 20 + length, id, tos);
    }
    return 0;
}

#endif
