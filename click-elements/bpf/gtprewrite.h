// What the programs do to a packet that they forward: stripping, wrapping, completing checksums.
#ifndef LCLICK_GTPREWRITE_H
#define LCLICK_GTPREWRITE_H
#include "gtplookup.h"

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
