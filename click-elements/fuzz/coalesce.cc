// offload::coalesce: a frame and copies of it with a change each. What is put together must come apart again as it was.
#include "fuzz.hh"
#include "elements/userlevel/coalesce.hh"
#include "elements/userlevel/segments.hh"
#include <click/straccum.hh>

/** Make @a p the @a k th segment after @a first, so that not all is in vain: addresses, numbers and sums right, if it is IPv4 with TCP or UDP. */
static void continue_stream(WritablePacket *p, uint32_t k) {
    unsigned char *d = p->data();
    const uint32_t n = p->length();
    if (n < 54 || d[14] != 0x45 || (d[23] != 6 && d[23] != 17)) return;
    const uint16_t id = (uint16_t) ((d[18] << 8 | d[19]) + k), field = d[23] == 6 ? 50 : 40;
    d[16] = (n - 14) >> 8, d[17] = (n - 14) & 255, d[18] = id >> 8, d[19] = id & 255;
    memset(d + 24, 0, 2), memset(d + field, 0, 2);
    uint16_t s = click_in_cksum(d + 14, 20);
    memcpy(d + 24, &s, 2);
    if (d[23] == 6) {
        uint32_t seq, header = 34 + (d[46] >> 4) * 4u;
        memcpy(&seq, d + 38, 4);
        seq = htonl(ntohl(seq) + k * (n > header ? n - header : 0));
        memcpy(d + 38, &seq, 4);
    } else
        d[38] = (n - 34) >> 8, d[39] = (n - 34) & 255;
    s = click_in_cksum_pseudohdr_raw(click_in_cksum(d + 34, (int) n - 34), ((click_ip *) (d + 14))->ip_src.s_addr, ((click_ip *) (d + 14))->ip_dst.s_addr, d[23], (int) n - 34);
    memcpy(d + field, &s, 2);
}

FUZZ_TARGET(coalesce) {
    fuzz_quiet();
    enum { most = 12 };
    const int live = Packet::live_count();
    FuzzInput in(data, size);
    const int n = 2 + in.u8() % (most - 1), allowed = in.u8();
    struct { uint8_t packet, how; uint16_t at; uint8_t value; } changes[4];
    for (auto &c : changes) c = {in.u8(), in.u8(), in.u16(), in.u8()};
    Packet *packets[most];
    for (int i = 0; i < n; ++i) {
        WritablePacket *p = fuzz_packet(in.at(), in.left());
        for (int before = 1; before >= 0; --before) {           // changes that the sums are right with, and others
            for (const auto &c : changes)
                if (c.packet % n == i && (c.how & 1) == before && c.at < p->length()) p->data()[c.at] ^= c.value;
            if (before) {
                continue_stream(p, (uint32_t) i);
                if (allowed & 0x80 && p->length() > 54 && p->data()[14] == 0x45 && p->data()[23] == 17) memset(p->data() + 40, 0, 2);
            }
        }
        if (i == n - 1 && p->length() > 80) p->take(changes[0].value % 20), continue_stream(p, 0);
        packets[i] = p;
    }
    offload::SuperHeader h;
    for (int at = 0, run; at < n; at += run) {
        run = offload::coalesce(packets + at, n - at, allowed, h);
        REQUIRE(run >= 1 && run <= n - at);
        if (run == 1) continue;
        REQUIRE(allowed & 3);
        StringAccum super;
        super.append((const char *) h.bytes, (int) h.length);
        for (int i = at; i < at + run; ++i) super.append((const char *) packets[i]->data() + h.length, (int) (packets[i]->length() - h.length));
        BatchBuilder out;
        REQUIRE(offload::cut((const unsigned char *) super.data(), (uint32_t) super.length(), 64, offload::Hint{h.vnet.flags, h.vnet.gso_type, h.vnet.gso_size, h.vnet.csum_start, h.vnet.csum_offset, 0}, out));
        REQUIRE((int) out.count() == run);
        PacketBatch *b = out.finish();
        int i = at;
        FOR_EACH_PACKET(b, q) {
            // Where there was no checksum, and need not have been, there is one now.
            const uint32_t sum = (uint32_t) h.vnet.csum_start + h.vnet.csum_offset;
            unsigned char *was = static_cast<WritablePacket *>(packets[i])->data() + sum;
            if (allowed & offload::coalesce_unsummed && h.vnet.gso_type == offload::gso_udp && !was[0] && !was[1]) {
                REQUIRE(q->data()[sum] || q->data()[sum + 1]);
                memcpy(was, q->data() + sum, 2);
            }
            REQUIRE(q->length() == packets[i]->length() && memcmp(q->data(), packets[i]->data(), q->length()) == 0);
            ++i;
        }
        b->kill();
    }
    for (int i = 0; i < n; ++i) packets[i]->kill();
    REQUIRE(Packet::live_count() == live);
    return 0;
}
