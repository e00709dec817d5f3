// Packets of one flow, put together and cut again, for the targets that do so.
#ifndef LCLICK_FUZZ_STREAM_HH
#define LCLICK_FUZZ_STREAM_HH
#include "fuzz.hh"
#include "elements/userlevel/coalesce.hh"
#include "elements/userlevel/segments.hh"
#include <click/straccum.hh>

/** Make @a p the @a k th segment after @a first, so that not all is in vain: addresses, numbers and sums right, if it is IPv4 with TCP or UDP. */
inline void continue_stream(WritablePacket *p, uint32_t k) {
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

/** What cutting makes of @a run packets that coalesce() made @a h for. */
inline PacketBatch *cut_again(Packet *const *packets, int run, const offload::SuperHeader &h) {
    StringAccum super;
    super.append((const char *) h.bytes, (int) h.length);
    for (int i = 0; i < run; ++i) super.append((const char *) packets[i]->data() + h.length, (int) (packets[i]->length() - h.length));
    BatchBuilder out;
    REQUIRE(offload::cut((const unsigned char *) super.data(), (uint32_t) super.length(), 64, offload::Hint{h.vnet.flags, h.vnet.gso_type, h.vnet.gso_size, h.vnet.csum_start, h.vnet.csum_offset, 0}, out));
    REQUIRE((int) out.count() == run);
    return out.finish();
}

/** Is @a q, which came from cutting, @a p again: but for the identification of an atomic datagram, and its header's sum, and a UDP checksum where
    there was none, if that is @a allowed? */
inline bool same_but_for(int allowed, const Packet *q, const Packet *p) {
    if (q->length() != p->length()) return false;
    unsigned char a[128], b[128];
    const uint32_t n = p->length(), head = n < sizeof a ? n : (uint32_t) sizeof a;
    memcpy(a, q->data(), head), memcpy(b, p->data(), head);
    uint32_t ip = 14;
    while (ip < 22 && ip + 4 <= head && ((b[ip - 2] == 0x81 && b[ip - 1] == 0) || (b[ip - 2] == 0x88 && b[ip - 1] == 0xA8))) ip += 4;
    if (ip + 28 <= head && b[ip - 2] == 8 && b[ip - 1] == 0) {
        if (allowed & offload::coalesce_atomic && (b[ip + 6] & 0x7F) == 0x40 && !b[ip + 7])
            for (unsigned char *x : {a, b}) memset(x + ip + 4, 0, 2), memset(x + ip + 10, 0, 2);
        if (allowed & offload::coalesce_unsummed && b[ip + 9] == 17 && !b[ip + 26] && !b[ip + 27]) {
            // Right, it sums up with the pseudo-header to nothing.
            uint16_t right = click_in_cksum_pseudohdr_raw(click_in_cksum(q->data() + ip + 20, (int) (n - ip - 20)), ((const click_ip *) (q->data() + ip))->ip_src.s_addr,
                                                          ((const click_ip *) (q->data() + ip))->ip_dst.s_addr, 17, (int) (n - ip - 20));
            if (right || !(a[ip + 26] | a[ip + 27])) return false;
            memset(a + ip + 26, 0, 2);
        }
    }
    return memcmp(a, b, head) == 0 && memcmp(q->data() + head, p->data() + head, n - head) == 0;
}
#endif
