// Control messages through GTPControlLearn: whole frames, or messages of GTP-C or S1AP that are put into packets here, between a few peers, so that requests meet
// their answers. Frames must come out as they went in, tables keep their bounds, and what the sink is told must make sense. Each record of the input has a
// head: flags, and a length in two bytes.
#include "fuzz.hh"
#include "elements/gtp/gtpbearerprint.hh"
#include "elements/gtp/gtpcontrollearn.hh"

namespace {
enum { kind_frame, kind_gtpc, kind_s1ap, kind_look };
enum { f_kind = 3, f_answer = 4, f_repair = 8, f_peer = 16, f_six = 32, f_again = 64, f_more = 128, capacity = 8 };

struct Sink : public Element, public GTPBearerSink {
    const char *class_name() const override { return "FuzzBearers"; }
    int configure_phase() const override { return CONFIGURE_PHASE_INFO; }
    void *cast(const char *name) override { return strcmp(name, "GTPBearerSink") == 0 ? static_cast<GTPBearerSink *>(this) : nullptr; }
    void bearer_event(const GTPBearerEvent &e) override {
        REQUIRE(e.kind <= GTPBearerEvent::release && e.uplink && e.ebi < 16 && e.protocol && e.ue6_prefix_length <= 128);
        REQUIRE(e.kind != GTPBearerEvent::suspend || !e.downlink);
        REQUIRE(e.kind != GTPBearerEvent::modify || e.downlink);
        StringAccum sa;
        GTPBearerPrint::unparse(sa, e);
        REQUIRE(sa.length() > 0);
    }
};

struct Bed {
    Master master;
    Router r{"", &master};
    FuzzSource *source = new FuzzSource;
    FuzzSink *sink = new FuzzSink;
    GTPControlLearn *learn = new GTPControlLearn;
    uint32_t tsn = 1;
    bool open[16] = {};
    Bed() {
        r.add_element(new Sink, "sink", "", "f");
        r.add_element(learn, "learn", String("sink, CAPACITY ") + String((int) capacity), "f");
        r.add_element(source, "source", "", "f");
        r.add_element(sink, "out", "", "f");
        r.add_connection(2, 0, 1, 0, "f");
        r.add_connection(1, 0, 3, 0, "f");
        REQUIRE(r.initialize(ErrorHandler::default_handler()) >= 0);
        Timestamp::refresh_recent();        // and then time stands still
    }
    void handler(const char *name, bool write = false) {
        const Handler *h = Router::handler(learn, name);
        REQUIRE(h);
        if (write) REQUIRE(h->call_write("", learn, ErrorHandler::silent_handler()) >= 0);
        else h->call_read(learn);
    }
};
}

static void put16(uint8_t *p, size_t x) { p[0] = (uint8_t) (x >> 8), p[1] = (uint8_t) x; }
static void put32(uint8_t *p, uint32_t x) { put16(p, x >> 16), put16(p + 2, x); }

/** Ethernet and IP before what is @a n bytes at @a d + 54 or, of IPv4, @a d + 34; returns where the frame begins. */
static uint8_t *network(uint8_t *d, size_t n, uint8_t proto, uint8_t flags) {
    // The requester is one of two, and asks one and the same.
    uint8_t requester = flags & f_peer ? 3 : 1, from = flags & f_answer ? 2 : requester, to = flags & f_answer ? requester : 2;
    uint8_t *ip = d + 54 - (flags & f_six ? 40 : 20);
    memset(d, 0, 54);
    if (flags & f_six) {
        ip[0] = 0x60, put16(ip + 4, n), ip[6] = proto, ip[7] = 64;
        ip[8] = ip[24] = 0x20, ip[23] = from, ip[39] = to;
    } else {
        ip[0] = 0x45, put16(ip + 2, n + 20), ip[8] = 64, ip[9] = proto;
        ip[12] = ip[16] = 10, ip[15] = from, ip[19] = to;
    }
    put16(ip - 2, flags & f_six ? 0x86DD : 0x0800);
    return ip - 14;
}

FUZZ_TARGET(gtpcontrol) {
    fuzz_quiet();
    static Bed &b = *new Bed;
    b.handler("clear", true);
    memset(b.open, 0, sizeof b.open);
    const int live = Packet::live_count();
    FuzzInput in(data, size);
    while (in.left() > 3) {
        uint8_t flags = in.u8();
        size_t n = in.u16() & 0x3FF;
        const uint8_t *d = in.bytes(n);
        uint8_t buffer[54 + 28 + 1024], *frame = buffer, *end = buffer;
        switch (flags & f_kind) {
        case kind_frame:
            memcpy(buffer, d, n), end += n;
            break;
        case kind_gtpc: {
            uint8_t *udp = buffer + 54;
            memcpy(udp + 8, d, n), end = udp + 8 + n;
            put32(udp, 2123u << 16 | 2123), put16(udp + 4, n + 8), put16(udp + 6, 0);
            if (flags & f_repair && n >= 8) put16(udp + 10, n - (udp[8] >> 5 == 2 ? 4 : 8));
            frame = network(buffer, n + 8, 17, flags);
            break;
        }
        case kind_s1ap: {
            uint8_t *sctp = buffer + 54, *chunk = sctp + 12;
            memcpy(chunk + 16, d, n), end = chunk + 16 + n;
            put32(sctp, 36412u << 16 | 36412), put32(sctp + 4, 1), put32(sctp + 8, 0);
            b.tsn += !(flags & f_again);
            // A chunk that more follow, and those that follow, are pieces of a message.
            bool &open = b.open[flags >> 2 & 15];
            uint32_t place = (open ? 0u : 0x20000u) | (flags & f_more ? 0u : 0x10000u);
            open = flags & f_more;
            put32(chunk, place | (uint32_t) (n + 16)), put32(chunk + 4, b.tsn), put32(chunk + 8, 0), put32(chunk + 12, 18);
            frame = network(buffer, n + 28, 132, flags);
            break;
        }
        default:
            for (const char *name : {"contexts", "messages", "reasons", "events", "restarts", "count", "sessions"}) b.handler(name);
            if (flags & f_answer) b.handler("clear", true);
            if (flags & f_again) b.handler("reset_counts", true);
            continue;
        }
        b.sink->expected = frame, b.sink->expected_size = (size_t) (end - frame);
        b.source->give(0, fuzz_packet(frame, (size_t) (end - frame)));
        b.sink->expected = nullptr;
        REQUIRE(b.learn->contexts().nbearers() <= capacity && b.learn->contexts().nsessions() <= capacity);
        REQUIRE(Packet::live_count() == live);
    }
    return 0;
}
