// Frames through the GTP breakout: decapsulation, learning, steering, restoring, encapsulation. What is not steered must come out as it
// went in. The same frames go through a second one that finds no tunnel in its cache, and has to learn the same; and in batches through two of which one looks
// ahead (what is learned before what is steered is another order then). Meanwhile the first one's state is read bit by bit, which whatever passes must not make unsound. Each frame of the input has a head: flags, and a length in two bytes.
#include "fuzz.hh"
#include "elements/gtp/gtptable.hh"

namespace {
enum { f_uplink = 1, f_repair = 2, f_inner = 4, f_state = 8, f_shown = 16 };

struct Breakout {
    Master master;
    Router r{"", &master};
    FuzzSink *up = new FuzzSink, *down = new FuzzSink;
    GTPTable *table;
    /** Frames for one element that came one after the other, and have not gone in yet. */
    PacketBatch *waiting = nullptr;
    Element *waiting_for = nullptr;
    Breakout() {
        static const struct { const char *name, *cls, *conf; } elements[] = {
            {"t", "GTPTable", "CAPACITY 8, FLOWS 16, PATHS 4"}, {"up", "GTPDecap", "t, UPLINK"}, {"down", "GTPDecap", "t, DOWNLINK"}, {"steer", "GTPBreakout", "t"},
            {"rule", "IPClassifier", "\"tcp and dst port 80 or udp or ip frag\", -"}, {"ru", "GTPRestore", ""}, {"rd", "GTPRestore", ""}, {"encap", "GTPEncap", "t"},
            {"check", "CheckIPHeader", "CHECKSUM false"}, {"ping", "ICMPPingResponder", ""}, {"local", "Idle", ""}, {"src", "Idle", ""}, {"bin", "Discard", ""}};
        for (auto &e : elements) r.add_element(click_find_element_type(e.cls)->make(), e.name, e.conf, "f");
        r.add_element(up, "upsink", "", "f");
        r.add_element(down, "downsink", "", "f");
        static const struct { const char *a; int i; const char *b; int j; } wires[] = {
            {"src", 0, "up", 0}, {"src", 1, "down", 0}, {"src", 2, "check", 0}, {"up", 0, "rule", 0}, {"rule", 0, "steer", 0}, {"rule", 1, "steer", 1}, {"up", 1, "upsink", 0},
            {"steer", 0, "ping", 0}, {"ping", 0, "bin", 0}, {"ping", 1, "bin", 0}, {"steer", 1, "ru", 0}, {"ru", 0, "upsink", 1}, {"down", 0, "rd", 0}, {"rd", 0, "downsink", 0},
            {"down", 1, "downsink", 1}, {"check", 0, "encap", 0}, {"encap", 0, "local", 0}, {"encap", 1, "bin", 0}};
        for (auto &w : wires) r.add_connection(r.find(w.a)->eindex(), w.i, r.find(w.b)->eindex(), w.j, "f");
        REQUIRE(r.initialize(ErrorHandler::default_handler()) >= 0);
        table = static_cast<GTPTable *>(r.find("t"));
        Timestamp::refresh_recent();        // and then time stands still, so that states can be compared
    }
    Element *entry(uint8_t flags) const { return r.find(flags & f_inner ? "check" : flags & f_uplink ? "up" : "down"); }
    void go() {
        if (waiting) waiting_for->push_batch(0, waiting);
        waiting = nullptr;
    }
    void frame_later(uint8_t flags, WritablePacket *p) {
        Element *e = entry(flags);
        if (waiting && (e != waiting_for || waiting->count() >= 40)) go();
        if (waiting) waiting->append_packet(p);
        else waiting = PacketBatch::make_from_packet(p), waiting_for = e;
    }
    void frame(uint8_t flags, WritablePacket *p) {
        if (flags & f_inner) {
            entry(flags)->push(0, p);
            return;
        }
        uint8_t bytes[2048];
        const size_t n = p->length();
        memcpy(bytes, p->data(), n);
        up->expected = down->expected = bytes, up->expected_size = down->expected_size = n;
        entry(flags)->push(0, p);
        up->expected = down->expected = nullptr;
    }
};

/** The state of one, read between frames; another that is like it must take it. */
struct Reading {
    Breakout &from, &to;
    GradualRead *read = nullptr;
    StringAccum text;
    ~Reading() { delete read; }
    void go_on() {
        if (!read) read = Router::handler(from.table, "state")->begin_read(from.table);
        if (!read->more(text)) return;
        delete read;
        read = nullptr;
        String s = text.take_string();
        BufferErrorHandler errh;
        const bool taken = to.table->import_state(s, &errh) == 0;
        if (!taken) fprintf(stderr, "%s\n%s\n", errh.unparse().c_str(), s.c_str());
        REQUIRE(taken && to.table->nsessions() <= 8 && to.table->export_state());
    }
};
}

/** Make the lengths of IP, UDP and GTP right, wherever the parser would look for them. */
static void repair(uint8_t *d, size_t n) {
    auto put = [d](size_t at, size_t x) { d[at] = (uint8_t) (x >> 8), d[at + 1] = (uint8_t) x; };
    size_t ip = 14;
    for (int i = 0; i < 2 && ip + 4 <= n && ((d[ip - 2] == 0x81 && !d[ip - 1]) || (d[ip - 2] == 0x88 && d[ip - 1] == 0xA8)); ++i) ip += 4;
    if (n < ip + 20) return;
    size_t udp = ip + (d[ip] & 15) * 4, gtp = udp + 8;
    put(ip + 2, n - ip);
    if (n < gtp + 8) return;
    put(udp + 4, n - udp), put(gtp + 2, n - gtp - 8);
}

/** Both get what has waited for them; the same has come out of both then, and they know the same. */
static void agree(Breakout &one, Breakout &other) {
    one.go(), other.go();
    REQUIRE(memcmp(one.up->digest, other.up->digest, sizeof one.up->digest) == 0 && memcmp(one.down->digest, other.down->digest, sizeof one.down->digest) == 0);
    REQUIRE(one.table->export_state() == other.table->export_state());
    for (const char *h : {"table", "paths", "stats"})
        REQUIRE(Router::handler(one.table, h)->call_read(one.table) == Router::handler(other.table, h)->call_read(other.table));
}

FUZZ_TARGET(gtp) {
    fuzz_quiet();
    static Breakout &spare = *new Breakout;
    static Breakout &b = *new Breakout, &uncached = *new Breakout, &batched = *new Breakout, &ahead = *new Breakout;
    for (Breakout *x : {&b, &uncached, &batched, &ahead}) x->table->clear();
    ahead.table->set_small(0);
    const int live = Packet::live_count();
    FuzzInput in(data, size);
    Reading reading{b, spare};
    while (in.left() > 3) {
        reading.go_on();
        uint8_t flags = in.u8();
        size_t n = in.u16() & 0x7FF;
        const uint8_t *d = in.bytes(n);
        WritablePacket *p = fuzz_packet(d, n);
        if (flags & f_repair) repair(p->data(), n);
        WritablePacket *q = fuzz_packet(p->data(), n);
        for (Breakout *x : {&batched, &ahead}) x->frame_later(flags, fuzz_packet(p->data(), n));
        b.frame(flags, p);
        uncached.table->new_generation();
        uncached.frame(flags, q);
        REQUIRE(b.table->nsessions() <= 8 && b.table->nflows() <= 64);
        REQUIRE(Packet::live_count() == live + (ahead.waiting ? 2 * (int) ahead.waiting->count() : 0));
        if (flags & f_state) {
            String s = b.table->export_state();
            REQUIRE(uncached.table->export_state() == s);
            agree(batched, ahead);
            if (flags & f_shown) for (const char *h : {"sessions", "table", "paths", "metrics", "stats"}) {
                String shown = Router::handler(b.table, h)->call_read(b.table);
                REQUIRE(Router::handler(uncached.table, h)->call_read(uncached.table) == shown);
            }
            for (Breakout *x : {&b, &uncached})
                REQUIRE(x->table->import_state(s, ErrorHandler::silent_handler()) == 0);
            REQUIRE(b.table->export_state() == s);
        }
    }
    REQUIRE(b.table->export_state() == uncached.table->export_state());
    agree(batched, ahead);
    return 0;
}
