// offload::coalesce: a frame and copies of it with a change each. What is put together must come apart again as it was.
#include "stream.hh"
#include "elements/userlevel/coalesce.hh"

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
            if (before) continue_stream(p, (uint32_t) i);
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
        PacketBatch *b = cut_again(packets + at, run, h);
        int i = at;
        FOR_EACH_PACKET(b, q) {
            REQUIRE(same_but_for(allowed, q, packets[i]));
            ++i;
        }
        b->kill();
    }
    for (int i = 0; i < n; ++i) packets[i]->kill();
    REQUIRE(Packet::live_count() == live);
    return 0;
}
