// What the programs of the fast path make of a frame (bpf/gtpparse.h): what they take is a G-PDU to gtp_examine(), too, with the same tunnel and
// the same inside. They run in the kernel, whose verifier knows that they read nothing beyond the frame; here they are compiled for lclick.
#include "fuzz.hh"
#include "bpf/gtpparse.h"
#include "elements/gtp/gtpframe.hh"

FUZZ_TARGET(gtpparse) {
    uint8_t *frame = new uint8_t[size], *end = frame + size;      // with nothing behind it
    memcpy(frame, data, size);
    gtpfast_tunnel t = {};
    gtpfast_key k = {};
    gtpfast_inner i = {};
    gtpfast_plain_tunnel pt;
    gtpfast_plain pi;
    if (gtpfast_plain_gpdu(frame, end, &pt, &pi)) {
        const uint32_t src[4] = {0, 0, 0xFFFF0000, pi.src}, dst[4] = {0, 0, 0xFFFF0000, pi.dst};
        REQUIRE(gtpfast_network(frame, end) == frame + 14 && !gtpfast_look_at_tunnel(frame + 14, end, &t) && t.inside == frame + 50 && !t.partial);
        REQUIRE(!gtpfast_look_inside(t.inside, end, t.room, &k, 1, &i) && i.header == 20);
        REQUIRE(pt.src == t.ends.src[3] && pt.dst == t.ends.dst[3] && pt.teid == t.teid && pt.tos == t.tos);
        REQUIRE(pi.length == i.length && pi.tos == i.tos && pi.ports == gtpfast_ports(&k) && pi.proto == k.proto);
        REQUIRE(memcmp(src, k.inner_src, 16) == 0 && memcmp(dst, k.inner_dst, 16) == 0);
        k.teid = t.teid, k.kind = gtpfast_uplink;
        REQUIRE(gtpfast_hash4(1, pi.src, pi.dst, pt.teid, pi.ports, gtpfast_kind(&k), size) == gtpfast_hash(&k, size));
        k = gtpfast_key(), t = gtpfast_tunnel();
    }
    // A super frame is a G-PDU of TCP whose header has another length.
    uint32_t header = 0;
    const uint32_t gso = size ? 1 + data[size - 1] * 8u : 1;
    if (gtpfast_plain_super(frame, end, gso, &pt, &pi, &header)) {
        uint8_t *alone = new uint8_t[size];
        memcpy(alone, frame, size);
        const uint16_t length = htons((uint16_t) (ntohs(get16(frame + 16)) - 36));
        memcpy(alone + 44, &length, 2);
        gtpfast_plain_tunnel t2;
        gtpfast_plain i2;
        REQUIRE(gtpfast_plain_gpdu(alone, alone + size, &t2, &i2) && t2.src == pt.src && t2.dst == pt.dst && t2.teid == pt.teid && t2.tos == pt.tos && i2.src == pi.src && i2.dst == pi.dst && i2.length == pi.length && i2.ports == pi.ports && i2.proto == 6);
        REQUIRE(header >= 40 && header <= 80 && pi.length > header && 50 + pi.length <= size && ntohs(get16(frame + 44)) == gso + header);
        delete[] alone;
    }
    if (gtpfast_plain_packet(frame, end, &pi, &i)) {
        gtpfast_inner general = {};
        const uint32_t src[4] = {0, 0, 0xFFFF0000, pi.src}, dst[4] = {0, 0, 0xFFFF0000, pi.dst};
        uint8_t *p = frame + 14;
        REQUIRE(gtpfast_network(frame, end) == p && !gtpfast_look_inside(p, end, (uint32_t) (end - p), &k, 0, &general));
        REQUIRE(i.length == general.length && i.header == general.header && i.sum == general.sum && i.tos == general.tos);
        REQUIRE(!general.partial && !general.without_sum && pi.ports == gtpfast_ports(&k) && pi.proto == k.proto);
        REQUIRE(memcmp(src, k.inner_src, 16) == 0 && memcmp(dst, k.inner_dst, 16) == 0);
        uint16_t words[10];
        memcpy(words, p, 20);
        REQUIRE(gtpfast_header_is_right(p) == (click_in_cksum((const unsigned char *) words, 20) == 0));
        k = gtpfast_key();
    }
    if (uint8_t *p = gtpfast_network(frame, end)) {
        if (!gtpfast_look_at_tunnel(p, end, &t)) {
            const bool inside = !gtpfast_look_inside(t.inside, end, t.room, &k, 1, &i);
            REQUIRE(t.inside >= frame && t.inside <= end && t.room <= (uint32_t) (end - t.inside));
            if (inside) {
                GTPFrame f;
                gtp_parse(frame, (uint32_t) size, f);
                REQUIRE(f.verdict == GTP_GPDU && f.inner == (uint32_t) (t.inside - frame) && f.teid == ntohl(t.teid) && i.length <= t.room);
                REQUIRE(f.inner6 == (i.header == 40) && f.outer6 == (t.outer == 40));
                REQUIRE(memcmp(f.src.data(), t.ends.src, 16) == 0 && memcmp(f.dst.data(), t.ends.dst, 16) == 0);
            }
        }
        gtpfast_look_inside(p, end, (uint32_t) (end - p), &k, 0, &i);
    }
    delete[] frame;
    return 0;
}
