// A mutation fuzzer that needs nothing but a compiler: deterministic from its seed, meant for the sanitizer build.
//
//   lclick-fuzz [ITERATIONS [SEED]]
//
// Targets, in turn: frames through the GTP breakout (decapsulation, learning, steering, restoring, encapsulation), with
// the invariant that restoring gives back the frame; GTPTable states; configurations; IPFilter patterns; ControlSocket
// dialogues. A finding is a sanitizer report or an abort with the seed.
#include <click/config.h>
#include <click/elementtypes.hh>
#include <click/globals.hh>
#include <click/lexer.hh>
#include <click/master.hh>
#include "elements/gtp/gtptable.hh"
#include "elements/ip/ipfilterprogram.hh"
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
CLICK_USING_DECLS

static uint64_t state;
static uint32_t rnd() {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t) (state >> 16);
}
static uint32_t below(uint32_t n) { return n ? rnd() % n : 0; }

#define REQUIRE(x) do { if (!(x)) { fprintf(stderr, "fuzz: %s failed at line %d\n", #x, __LINE__); abort(); } } while (0)

struct Bytes {
    unsigned char d[2048];
    uint32_t n = 0;
    void add(const void *p, uint32_t len) { if (n + len <= sizeof d) memcpy(d + n, p, len), n += len; }
    void add16(uint16_t x) { unsigned char b[2] = {(unsigned char) (x >> 8), (unsigned char) x}; add(b, 2); }
    void add32(uint32_t x) { add16(x >> 16); add16((uint16_t) x); }
    void add8(uint8_t x) { add(&x, 1); }
};

/** A frame that is right in most respects; mutation does the rest. */
static void make_frame(Bytes &b) {
    static const unsigned char macs[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
    b.n = 0;
    b.add(macs, 12);
    for (uint32_t tags = below(8) ? 0 : 1 + below(2); tags; --tags) b.add16(below(2) ? 0x8100 : 0x88A8), b.add16((uint16_t) rnd());
    b.add16(0x0800);
    uint32_t ip = b.n, options = below(4) ? 0 : below(11) * 4;
    b.add8(0x45 + options / 4); b.add8(0); b.add16(0); b.add16((uint16_t) rnd()); b.add16(0x4000); b.add8(64); b.add8(17); b.add16(0);
    b.add32(0x0A090001 + below(2)); b.add32(0x0A090002 + below(2));
    for (uint32_t i = 0; i < options; ++i) b.add8(1);
    uint32_t udp = b.n;
    b.add16(2152); b.add16(2152); b.add16(0); b.add16(0);
    uint32_t gtp = b.n;
    uint8_t flags = 0x30 | below(8);
    b.add8(flags); b.add8(below(10) ? 255 : (uint8_t) rnd()); b.add16(0); b.add32(1 + below(6));
    if (flags & 7) {
        b.add16((uint16_t) rnd()); b.add8((uint8_t) rnd());
        uint32_t chain = flags & 4 ? 1 + below(3) : 0;
        b.add8(chain ? 0x85 : (uint8_t) (flags & 4 ? 0 : rnd()));
        for (; chain; --chain) {
            uint32_t units = 1 + below(3);
            b.add8((uint8_t) units);
            for (uint32_t i = 0; i < units * 4 - 2; ++i) b.add8((uint8_t) rnd());
            b.add8(chain > 1 ? 0xC0 : 0);
        }
    }
    uint32_t inner = b.n;
    b.add8(0x45); b.add8(0); b.add16(0); b.add16((uint16_t) below(4)); b.add16(below(8) ? 0 : below(2) ? 0x2000 : 5); b.add8(64);
    static const uint8_t protos[] = {6, 6, 6, 17, 1, 47};
    b.add8(protos[below(6)]); b.add16(0);
    b.add32(0xAC100000 + below(12)); b.add32(0xAC100000 + below(12));
    b.add16((uint16_t) (1000 + below(4))); b.add16(80);
    b.add32(rnd()); b.add32(0); b.add8(0x50); b.add8(below(2) ? 2 : (uint8_t) rnd());
    for (uint32_t i = below(40); i; --i) b.add8((uint8_t) rnd());
    auto put = [&b](uint32_t at, uint32_t x) { b.d[at] = (unsigned char) (x >> 8), b.d[at + 1] = (unsigned char) x; };
    put(ip + 2, b.n - ip); put(udp + 4, b.n - udp); put(gtp + 2, b.n - gtp - 8); put(inner + 2, b.n - inner);
}

static void mutate(unsigned char *d, uint32_t &n, uint32_t max) {
    for (uint32_t k = below(5); k; --k)
        switch (below(6)) {
        case 0: if (n) d[below(n)] ^= 1 << below(8); break;
        case 1: if (n) d[below(n)] = (unsigned char) rnd(); break;
        case 2: if (n) d[below(n)] = below(2) ? 0xFF : 0; break;
        case 3: n = below(n + 1); break;
        case 4: if (n < max) { uint32_t at = below(n + 1); memmove(d + at + 1, d + at, n - at); d[at] = (unsigned char) rnd(); ++n; } break;
        case 5: if (n) { uint32_t at = below(n), len = 1 + below(n - at); memmove(d + at, d + at + len, n - at - len); n -= len; } break;
        }
}

/** Collects what a router puts out, and compares. */
class FuzzSink : public Element { public:
    const char *class_name() const override { return "FuzzSink"; }
    const char *port_count() const override { return "1/0"; }
    const char *processing() const override { return PUSH; }
    void push(int, Packet *p) override {
        if (expected && !(p->length() == expected->n && memcmp(p->data(), expected->d, p->length()) == 0)) {
            fprintf(stderr, "fuzz: frame was changed\n");
            abort();
        }
        ++count;
        p->kill();
    }
    const Bytes *expected = nullptr;
    uint64_t count = 0;
};

static void fuzz_frames(uint64_t iterations) {
    Master master;
    Router r("", &master);
    struct { const char *name, *cls, *conf; } elements[] = {
        {"t", "GTPTable", "CAPACITY 8, FLOWS 16"}, {"up", "GTPDecap", "t, UPLINK"}, {"down", "GTPDecap", "t, DOWNLINK"}, {"steer", "GTPBreakout", "t"},
        {"rule", "IPClassifier", "\"tcp and dst port 80 or udp or ip frag\", -"}, {"ru", "GTPRestore", ""}, {"rd", "GTPRestore", ""}, {"encap", "GTPEncap", "t"},
        {"check", "CheckIPHeader", "CHECKSUM false"}, {"ping", "ICMPPingResponder", ""}, {"local", "Idle", ""}, {"src", "Idle", ""}, {"bin", "Discard", ""}};
    int n = 0;
    for (auto &e : elements)
        REQUIRE(r.add_element(click_find_element_type(e.cls)->make(), e.name, e.conf, "fuzz") == n++);
    FuzzSink *up = new FuzzSink, *down = new FuzzSink;
    r.add_element(up, "upsink", "", "fuzz");
    r.add_element(down, "downsink", "", "fuzz");
    auto wire = [&r](const char *a, int i, const char *b, int j) { r.add_connection(r.find(a)->eindex(), i, r.find(b)->eindex(), j, "fuzz"); };
    wire("src", 0, "up", 0); wire("src", 1, "down", 0); wire("src", 2, "check", 0);
    wire("up", 0, "rule", 0); wire("rule", 0, "steer", 0); wire("rule", 1, "steer", 1); wire("up", 1, "upsink", 0);
    wire("steer", 0, "ping", 0); wire("ping", 0, "bin", 0); wire("ping", 1, "bin", 0); wire("steer", 1, "ru", 0); wire("ru", 0, "upsink", 0);
    wire("down", 0, "rd", 0); wire("rd", 0, "downsink", 0); wire("down", 1, "downsink", 0);
    wire("check", 0, "encap", 0); wire("encap", 0, "local", 0); wire("encap", 1, "bin", 0);
    REQUIRE(r.initialize(ErrorHandler::default_handler()) >= 0);
    GTPTable *table = static_cast<GTPTable *>(r.find("t"));
    Timestamp::refresh_recent();         // and then time stands still, so that states can be compared
    Bytes b;
    int live = Packet::live_count();
    for (uint64_t i = 0; i < iterations; ++i) {
        make_frame(b);
        if (below(4)) mutate(b.d, b.n, sizeof b.d);
        bool uplink = below(2);
        up->expected = down->expected = &b;
        // An exact-size buffer at the end of its block, so that a read past the end is seen.
        Packet *p = Packet::make(3000, b.d, b.n, 0);
        REQUIRE(p);
        r.find(uplink ? "up" : "down")->push(0, p);
        up->expected = down->expected = nullptr;
        if (below(2) && b.n > 40) {
            make_frame(b);
            GTPFrame f = gtp_parse(b.d, b.n);
            if (f.verdict == GTP_GPDU) {
                if (below(2)) mutate(b.d, b.n, sizeof b.d);
                if (b.n > f.inner) r.find("check")->push(0, Packet::make(100, b.d + f.inner, b.n - f.inner, 0));
            }
        }
        REQUIRE(table->nsessions() <= 8 && table->nflows() <= 32);
        REQUIRE(Packet::live_count() == live);
        if (i % 64 == 0) {
            String s = table->export_state();
            if (below(4) == 0) table->unparse_sessions();
            if (below(4)) {
                String m(s.data(), s.length());
                Bytes x;
                x.n = click_min((uint32_t) m.length(), (uint32_t) sizeof x.d);
                memcpy(x.d, m.data(), x.n);
                mutate(x.d, x.n, sizeof x.d);
                m = String((char *) x.d, x.n);
                int rc = table->import_state(m, ErrorHandler::silent_handler());
                REQUIRE(rc < 0 || m == s);
                REQUIRE(table->export_state() == s);
            } else
                REQUIRE(table->import_state(s, ErrorHandler::silent_handler()) == 0);
        }
    }
}

static String mutate_text(const char *const *seeds, uint32_t nseeds) {
    String s = seeds[below(nseeds)];
    if (below(3) == 0) s += seeds[below(nseeds)];
    static const char *const words[] = {"->", "::", "[1]", "{", "}", "(", ")", "$a", "|", "||", ",", ";", "input", "output", "elementclass ", "\"", "'", "\\<0", "/*", "//", "# 3 \"x\"\n",
        "Idle", "Counter", "Queue", " and ", " or ", "not ", "src ", "port ", "80", "1-", "!", "&&", "READ ", "WRITE ", "\r\n", ".", "DATA 3", "READDATA a.count 2\r\n",
        "=>", "( -> ", " -> )", "...", "|| ...", "[]", "[0-2]", "${A-", "$A", "$$", "}", "define($A ", "require(library f.click)", "provide(x)", "\n#line 5 \"y\"\n", "__REST__ $r", "elementclass Y X;", "!<arch>\n"};
    Bytes b;
    b.n = click_min((uint32_t) s.length(), 1500U);
    memcpy(b.d, s.data(), b.n);
    if (below(2)) {
        const char *w = words[below(sizeof words / sizeof *words)];
        uint32_t len = (uint32_t) strlen(w), at = below(b.n + 1);
        memmove(b.d + at + len, b.d + at, b.n - at);
        memcpy(b.d + at, w, len);
        b.n += len;
    }
    mutate(b.d, b.n, 1900);
    return String((char *) b.d, b.n);
}

static void fuzz_configurations(uint64_t iterations) {
    static const char *const seeds[] = {
        "elementclass X { $a, KEY $k, __REST__ $r | input -> Paint($a) -> { input -> Counter -> output } -> output; input [1] -> Discard }\n i::Idle -> X(1, KEY 2, 3) -> Queue(5) -> Discard; i[1] -> Idle;",
        "define($A 3, $B \"x y\"); a, b :: Counter; Idle -> a -> b -> Print($B, ${A-4}) -> Discard; // c\n/* d */",
        "c :: Classifier(12/0800 14/4?%f0, -); Idle -> c; c[0] -> Discard; c[1] -> Idle; t :: Tee; Idle => t; t [0,1] => [0-1] Idle;",
        "Idle -> IPClassifier(tcp and dst port 80 or 443, src net 10.0.0.0/8, -) => x, y, z :: Discard;", "require(package \"gtp\"); GTPTable(CAPACITY 4); Idle -> UDPIPEncap(1.2.3.4, 5, 6.7.8.9, 10) -> EtherEncap(0x800, 1:2:3:4:5:6, 2-2-2-2-2-2) -> Discard",
        "i :: Idle => ( [0] -> Null -> [0]; [1] -> n :: Counter -> [1] ) => ( -> Discard ), d :: Discard; i [2] -> (->) -> [1] ( input [1] -> Null -> d; -> d ); i[3] -> d",
        "elementclass X { -> Null -> || $a | -> Paint($a) -> } elementclass X { $a, KEY $k | -> Print(\"$a ${k-3}\", $k) -> || ... } elementclass Y X; Idle -> X -> X(1) -> Y(2, KEY 3) -> Discard",
        "provide(p, package q); require(compact_config, p); define($A $B, $B \"(\" , $C '$A'); # 5 \"f.click\"\nx, y :: Null; Idle -> x -> { | -> Print(${A}) -> Print($C // )\n ) -> } -> y -> Discard; Idle [] => [0,] Discard",
        "!<arch>\nconfig/         0           0     0     644     16        `\nIdle -> Discard;x/              0           0     0     644     2         `\nab"};
    Master master;
    for (uint64_t i = 0; i < iterations; ++i) {
        String text = mutate_text(seeds, sizeof seeds / sizeof *seeds);
        Vector<Definition> none;
        if (Router *r = click_read_router(text, "f", none, none, &master, ErrorHandler::silent_handler())) {
            bool files = false;      // do not let a mutant open devices or files
            for (int k = 0; k < r->nelements(); ++k)
                files |= strstr(r->element(k)->class_name(), "Device") || strstr(r->element(k)->class_name(), "Dump") || strstr(r->element(k)->class_name(), "Socket");
            // What is flat reads back, and is as flat.
            String flat = r->flat_configuration();
            Router *again = click_read_router(flat, "flat", none, none, &master, ErrorHandler::silent_handler());
            if (!again || again->flat_configuration() != flat) {
                fprintf(stderr, "fuzz: flat configuration does not read back as it was:\n%s--- from:\n%s\n", flat.c_str(), text.c_str());
                abort();
            }
            delete again;
            if (!files && r->nelements() < 200 && r->initialize(ErrorHandler::silent_handler()) >= 0) {
                r->flat_configuration();
                for (int k = 0; k < 3 && !r->stopping(); ++k) master.thread(0)->run_once(0);
            }
            delete r;
        }
    }
}

static String random_pattern(int depth) {
    static const char *const tests[] = {"tcp", "udp", "icmp", "ip frag", "ip unfrag", "icmp type 8", "icmp type != 3", "tcp opt syn", "not tcp opt ack", "dst net 172.16.0.0/12", "src net 10.0.0.0/8",
        "src net 172.16.0.0 mask 255.255.0.3", "ip vers 4", "ip hl 5", "ip hl > 5", "ip ttl < 64", "ip len > 60", "tcp win 1000-60000", "ip dscp 3", "ip ecn 1", "ip tos 0", "ip id 0-3", "all", "none", "ip proto 40-60"};
    if (depth && below(3)) {
        String a = random_pattern(depth - 1), b = random_pattern(depth - 1);
        return below(5) == 0 ? "not (" + a + ")" : "(" + a + (below(2) ? ") and (" : ") or (") + b + ")";
    }
    StringAccum sa;
    static const char *const sides[] = {"src ", "dst ", "src or dst ", "src and dst ", ""};
    switch (below(4)) {
    case 0: sa << (below(3) ? "" : below(2) ? "tcp " : "udp ") << sides[below(5)] << "port " << (below(4) ? "" : below(2) ? "!= " : "> ") << 990 + below(20); break;
    case 1: sa << sides[below(5)] << "host " << (below(4) ? "172.16.0." : "10.9.0.") << below(12); break;
    case 2: sa << sides[below(5)] << "net 172.16.0.0/" << below(33); break;
    default: sa << tests[below(sizeof tests / sizeof *tests)];
    }
    return sa.take_string();
}

static void fuzz_patterns(uint64_t iterations) {
    static const char *const seeds[] = {"tcp and dst port 80 or 443", "(src net 10.0.0.0/8 and not udp) || icmp type echo", "ip proto 17 && ip ttl >= 3 && ip len 60-1500",
        "src or dst host 10.9.0.1 and tcp opt syn and not tcp opt ack", "! ( - ) or src and dst port 1-1023", "net 10.0.0.0 mask 255.0.0.0 and ip frag"};
    Bytes b;
    for (uint64_t i = 0; i < iterations; ++i) {
        // Most often many rules, so that the program has tests to share; the oracle looks at one after the other.
        IPFilterProgram p;
        int rules = 0;
        for (uint32_t k = below(8) ? 1 + below(20) : 1; k; --k)
            rules += p.add(below(4) ? random_pattern(3) : mutate_text(seeds, 6), rules, "pattern", ErrorHandler::silent_handler());
        if (!rules) continue;
        p.finish();
        for (int k = 0; k < 20; ++k) {
            make_frame(b);
            if (below(2)) mutate(b.d, b.n, sizeof b.d);
            if (b.n < 54) continue;
            uint32_t at = below(2) ? 14 : b.n > 100 ? 34 + below(40) : 34;
            if (below(2)) b.d[at] = 0x45;
            if (below(2)) b.d[at + 9] = below(2) ? 6 : 17;
            uint32_t len = 20 + below(b.n - at - 20 + 1);
            unsigned char *exact = (unsigned char *) malloc(len);
            memcpy(exact, b.d + at, len);
            REQUIRE(p.run(exact, len) == p.run_naively(exact, len));
            free(exact);
        }
    }
}

static void fuzz_control(uint64_t iterations) {
    static const char *const seeds[] = {"READ c.count\r\nREAD list\r\nWRITE sw.switch 0\r\n", "READDATA c.count 3\r\nabcWRITEDATA sw.switch 1\r\n0HELP\n", "WRITEUNTIL sw.switch X\r\n0\r\nX\r\nCHECKREAD 1.name\r\n",
        "READ flatconfig\rREAD handlers\rREAD 0.classes\rQUIT\r", "WRITE cl.config 12/0800, -\nREAD cl.config\nREAD c.handlers\nLLRPC 1#2 3\nREAD t.state\nWRITE t.state x\n"};
    String path = String("/tmp/lclick-fuzz-") + String((int) getpid()), config = "c::Counter; Idle->c->sw::Switch->Idle; Idle->cl::Classifier(12/0800,-); cl[0]->Idle; cl[1]->Idle; t::GTPTable(CAPACITY 4, FLOWS 4)";
    Master master;
    Vector<Definition> none, sockets;
    sockets.push_back(Definition{"cs", "UNIX, " + path});
    Router *r = click_read_router(config, "f", none, sockets, &master, ErrorHandler::default_handler());
    REQUIRE(r);
    click_add_global_handlers(r);
    REQUIRE(r->initialize(ErrorHandler::default_handler()) >= 0);
    struct sockaddr_un sa = {};
    sa.sun_family = AF_UNIX;
    memcpy(sa.sun_path, path.data(), path.length());
    for (uint64_t i = 0; i < iterations; ++i) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        REQUIRE(connect(fd, (struct sockaddr *) &sa, sizeof sa) == 0);
        String text = mutate_text(seeds, 5);
        int cut = below(2) ? text.length() : (int) below(text.length() + 1);
        char sink[65536];
        for (int at : {0, cut}) {
            int len = at == 0 ? cut : text.length() - cut;
            (void) !send(fd, text.data() + at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
            master.thread(0)->run_once(0);
            master.thread(0)->run_once(0);
            while (recv(fd, sink, sizeof sink, MSG_DONTWAIT) > 0) master.thread(0)->run_once(0);
            if (cut == 0) break;
        }
        close(fd);
        master.thread(0)->run_once(0);
    }
    delete r;
}

int main(int argc, char **argv) {
    uint64_t n = argc > 1 ? strtoull(argv[1], nullptr, 0) : 200000, seed = argc > 2 ? strtoull(argv[2], nullptr, 0) : 1;
    static const struct { const char *name; void (*run)(uint64_t); int share; } targets[] = {
        {"frames", fuzz_frames, 70}, {"configurations", fuzz_configurations, 12}, {"patterns", fuzz_patterns, 15}, {"control", fuzz_control, 3}};
    for (auto &t : targets) {
        state = seed * 0x9E3779B97F4A7C15ULL + 0x1234567;
        uint64_t share = n * t.share / 100;
        Timestamp start = Timestamp::now_steady();
        t.run(share);
        printf("%-16s %10llu iterations  %.2f s  seed %llu\n", t.name, (unsigned long long) share, (Timestamp::now_steady() - start).doubleval(), (unsigned long long) seed);
        fflush(stdout);
    }
    REQUIRE(Packet::live_count() == 0);
    Packet::drain_pool();
    return 0;
}
