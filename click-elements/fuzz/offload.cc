// offload::complete and offload::cut: a virtio header and a VLAN tag as the kernel gives them, and a frame.
#include "fuzz.hh"
#include "elements/userlevel/segments.hh"

FUZZ_TARGET(offload) {
    fuzz_quiet();
    const int live = Packet::live_count();
    FuzzInput in(data, size);
    offload::Hint h = {};
    h.flags = in.u8(), h.gso_type = in.u8(), h.gso_size = in.u16(), h.csum_start = in.u16(), h.csum_offset = in.u16(), h.vlan = in.u32();
    if (in.left() < 14) return 0;               // FromDevice's own check
    uint32_t n = (uint32_t) in.left();
    WritablePacket *p = fuzz_packet(in.at(), n);
    BatchBuilder out;
    if (!h.gso_type) {
        if (Packet *q = offload::complete(p, h)) out.append(q);
    } else {
        if (h.gso_size < 8) h.gso_size += 8;    // else one frame makes thousands, which takes time and shows nothing
        if (!offload::cut(p->data(), n, 64, h, out)) REQUIRE(!out.count());
        p->kill();
    }
    if (PacketBatch *b = out.finish()) {
        FOR_EACH_PACKET(b, q) REQUIRE(q->length() <= n + 4);
        b->kill();
    }
    REQUIRE(Packet::live_count() == live);
    return 0;
}
