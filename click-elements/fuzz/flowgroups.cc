// offload::FlowGroups, and what coalesce makes of its work: packets of several flows in turn, some of them changed. None is lost or doubled, each
// flow keeps its order, with what tells no flow where it was among its addresses' own; and what is put together comes apart again.
#include "stream.hh"
#include "elements/userlevel/flowgroups.hh"

namespace {
/** Whose order a frame is in, worked out anew: what it must not pass is of the same addresses and either one's `flow` is none, or the same. */
struct Order {
    String addresses, flow;         // no addresses: not IP
    explicit Order(const Packet *p) {
        const unsigned char *d = p->data();
        const uint32_t n = p->length();
        uint32_t at = 12, ports = 0;
        int tags = 0;
        for (; at + 6 <= n && tags < 2 && ((d[at] == 0x81 && !d[at + 1]) || (d[at] == 0x88 && d[at + 1] == 0xA8)); at += 4) ++tags;
        if (at + 2 > n) return;
        const unsigned char *ip = d + at + 2;
        const uint32_t left = n - at - 2;
        uint8_t protocol = 0;
        if (d[at] == 8 && !d[at + 1] && left >= 20) {
            addresses = String("4") + String((const char *) ip + 12, 8);
            protocol = ip[9];
            if (ip[0] >> 4 == 4 && (ip[0] & 15) >= 5 && !(ip[6] & 0x3F) && !ip[7]) ports = (ip[0] & 15) * 4;
        } else if (d[at] == 0x86 && d[at + 1] == 0xDD && left >= 40) {
            addresses = String("6") + String((const char *) ip + 8, 32);
            protocol = ip[6], ports = 40;
        }
        if (ports && (protocol == 6 || protocol == 17) && ports + 4 <= left) flow = String((int) protocol) + " " + String((const char *) ip + ports, 4);
    }
    bool binds(const Order &o) const { return addresses == o.addresses && (!flow || !o.flow || flow == o.flow); }
};
}

FUZZ_TARGET(flowgroups) {
    fuzz_quiet();
    enum { most = offload::FlowGroups::most, few = 48 };
    static offload::FlowGroups groups;
    const int live = Packet::live_count();
    FuzzInput in(data, size);
    const uint8_t many = in.u8();
    const int n = many == 255 ? (int) most : 2 + many % (few - 1), allowed = in.u8(), flows = 1 + in.u8() % 7, stride = in.u8();
    struct { uint8_t packet, how; uint16_t at; uint8_t value; } changes[6];
    for (auto &c : changes) c = {in.u8(), in.u8(), in.u16(), in.u8()};
    Packet *before[most], *after[most];
    uint32_t next[8] = {};
    for (int i = 0; i < n; ++i) {
        const int flow = (i * (1 + stride % 5) + (i * stride >> 6)) % flows;
        WritablePacket *p = fuzz_packet(in.at(), in.left());
        if (p->length() > 38) p->data()[flow & 1 ? 29 : 35] ^= (unsigned char) flow;
        for (int first = 1; first >= 0; --first) {          // changes that the sums are right with, and others
            for (const auto &c : changes)
                if (c.packet % n == i && (c.how & 1) == first && c.at < p->length()) p->data()[c.at] ^= c.value;
            if (first) continue_stream(p, next[flow]++);
        }
        if (changes[0].how & 2 && flow & 1 && p->length() > 42 && p->data()[23] == 17) memset(p->data() + 40, 0, 2);        // without a checksum
        before[i] = after[i] = p;
    }
    const int alone = groups.gather(after, n);
    REQUIRE(alone >= 0 && alone <= n);
    int place[most];
    for (int i = 0; i < n; ++i) {
        place[i] = -1;
        for (int j = 0; j < n; ++j)
            if (after[j] == before[i]) {
                REQUIRE(place[i] == -1);
                place[i] = j;
            }
        REQUIRE(place[i] >= 0);
    }
    Vector<Order> order;
    for (int i = 0; i < n; ++i) order.push_back(Order(before[i]));
    for (int i = 0; i < n; ++i)
        for (int j = i + 1; j < n; ++j)
            if (order[i].binds(order[j])) REQUIRE(place[i] < place[j] && place[i] < n - alone && place[j] < n - alone);
    offload::SuperHeader h;
    for (int at = 0, run; at < n; at += run) {
        run = offload::coalesce(after + at, n - at, allowed, h);
        REQUIRE(run >= 1 && run <= n - at);
        if (run == 1) continue;
        REQUIRE(at + run <= n - alone);
        PacketBatch *b = cut_again(after + at, run, h);
        int i = at;
        FOR_EACH_PACKET(b, q) {
            REQUIRE(same_but_for(allowed, q, after[i]));
            ++i;
        }
        b->kill();
    }
    for (int i = 0; i < n; ++i) before[i]->kill();
    REQUIRE(Packet::live_count() == live);
    return 0;
}
