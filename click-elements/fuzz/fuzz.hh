// What the fuzz targets share. A target is a file with one FUZZ_TARGET(name) { ... data, size ... return 0; }: with clang it becomes a
// libFuzzer program of its own, with any other compiler one entry of the driver (driver.cc).
#ifndef LCLICK_FUZZ_HH
#define LCLICK_FUZZ_HH
#include <click/config.h>
#include <click/elementtypes.hh>
#include <click/globals.hh>
#include <click/lexer.hh>
#include <click/master.hh>
#include <click/router.hh>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
CLICK_USING_DECLS

#ifdef LCLICK_LIBFUZZER
# define FUZZ_TARGET(name) extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
#else
struct FuzzTarget {
    const char *name;
    int (*run)(const uint8_t *data, size_t size);
    FuzzTarget *next;
    static FuzzTarget *all;
    FuzzTarget(const char *n, int (*r)(const uint8_t *, size_t)) : name(n), run(r), next(all) { all = this; }
};
# define FUZZ_TARGET(name) static int fuzz_##name(const uint8_t *, size_t); static FuzzTarget target_##name(#name, fuzz_##name); \
    static int fuzz_##name(const uint8_t *data, size_t size)
#endif

/** What must hold. Straight to descriptor 2: stderr is shut, for the elements that print. */
#define REQUIRE(x) do { if (!(x)) { dprintf(2, "fuzz: %s failed at %s:%d\n", #x, __FILE__, __LINE__); abort(); } } while (0)

/** Elements' chatter goes nowhere; sanitizers write to descriptor 2 themselves. */
inline void fuzz_quiet() {
    static FILE *nowhere = stderr = fopen("/dev/null", "w");
    (void) nowhere;
}

/** Reads the input piece by piece; zeros at its end. */
class FuzzInput { public:
    FuzzInput(const uint8_t *data, size_t size) : _p(data), _end(data + size) {}
    size_t left() const { return _end - _p; }
    const uint8_t *at() const { return _p; }
    uint8_t u8() { return _p < _end ? *_p++ : 0; }
    uint16_t u16() { uint16_t hi = u8(); return (uint16_t) (hi << 8 | u8()); }
    uint32_t u32() { uint32_t hi = u16(); return hi << 16 | u16(); }
    /** The next @a n bytes, or what there is; how many is said in @a n. */
    const uint8_t *bytes(size_t &n) {
        if (n > left()) n = left();
        const uint8_t *p = _p;
        _p += n;
        return p;
    }
    String text(size_t n) { const uint8_t *p = bytes(n); return String((const char *) p, (int) n); }
  private:
    const uint8_t *_p, *_end;
};

/** A packet that ends where its memory does, so that a read past its end is seen: too large for the pool. */
inline WritablePacket *fuzz_packet(const void *data, size_t n) { return Packet::make(3000, data, (uint32_t) n, 0); }

/** Would it open files, devices or sockets, or run commands? Then no mutant shall configure it. */
inline bool fuzz_reaches_out(const char *cls) {
    for (const char *word : {"Device", "Dump", "Socket", "Tun", "Tap", "Script", "Log", "Netmap", "Dpdk", "DPDK", "Xdp", "XDP", "Uml", "FromFile", "ToFile", "IPSummary", "Exec"})
        if (strstr(cls, word)) return true;
    return strcmp(cls, "Error") == 0 || strcmp(cls, "DriverManager") == 0;
}

/** Takes what comes on any number of inputs, pushed or pulled. */
class FuzzSink : public Element { public:
    const char *class_name() const override { return "FuzzSink"; }
    const char *port_count() const override { return "-/0"; }
    void push(int port, Packet *p) override { take(port, p); }
    void push_batch(int port, PacketBatch *b) override {
        for (Packet *p = b, *next; p; p = next) {
            next = p->next();
            p->set_next(nullptr), p->set_prev(nullptr);
            take(port, p);
        }
    }
    /** Pull from the inputs that are pulled, a little. */
    void drain() {
        for (int i = 0; i < ninputs(); ++i)
            if (input_is_pull(i))
                for (int k = 0; k < 8; ++k) {
                    Packet *p = input(i).pull();
                    if (!p) break;
                    take(i, p);
                }
    }
    const uint8_t *expected = nullptr;      // if set, what must come
    size_t expected_size = 0;
    uint64_t count = 0;
    /** Of all that came, by port (those above 3 together), in its order. */
    uint64_t digest[4] = {};
  private:
    void take(int port, Packet *p) {
        uint64_t &x = digest[port < 3 ? port : 3];
        for (const uint8_t *d = p->data(); d != p->end_data(); ++d) x = (x ^ *d) * 0x100000001B3ULL;
        x = (x ^ p->length() << 8) * 0x9E3779B97F4A7C15ULL;
        REQUIRE(!expected || (p->length() == expected_size && memcmp(p->data(), expected, expected_size) == 0));
        REQUIRE(p->buffer() <= p->data() && p->data() <= p->end_data() && p->end_data() <= p->end_buffer());
        ++count;
        p->kill();
    }
};

/** Gives what lies in it to whoever pulls. */
class FuzzSource : public Element { public:
    const char *class_name() const override { return "FuzzSource"; }
    const char *port_count() const override { return "0/-"; }
    Packet *pull(int) override {
        if (waiting.empty()) return nullptr;
        Packet *p = waiting.back();
        waiting.pop_back();
        return p;
    }
    /** Push or let pull. */
    void give(int port, Packet *p) {
        if (port >= noutputs()) p->kill();
        else if (output_is_push(port)) output(port).push(p);
        else waiting.push_back(p);
    }
    void clear() { for (; !waiting.empty(); waiting.pop_back()) waiting.back()->kill(); }
    Vector<Packet *> waiting;
};

/** Make lengths and checksums of an Ethernet and IPv4 frame right as far as its bytes allow, so that mutants get past the checks. */
inline void fuzz_repair(uint8_t *d, size_t n, size_t ip) {
    if (n < ip + 20 || (d[ip] >> 4) != 4) return;
    size_t hlen = (d[ip] & 15) * 4, len = n - ip;
    if (hlen < 20 || hlen > len || len > 65535) return;
    auto put = [d](size_t at, size_t x) { d[at] = (uint8_t) (x >> 8), d[at + 1] = (uint8_t) x; };
    auto sum = [d](size_t at, size_t to, uint32_t s) {
        for (; at + 1 < to; at += 2) s += d[at] << 8 | d[at + 1];
        if (at < to) s += d[at] << 8;
        while (s >> 16) s = (s & 0xFFFF) + (s >> 16);
        return (size_t) (uint16_t) ~s;
    };
    put(ip + 2, len), put(ip + 10, 0), put(ip + 10, sum(ip, ip + hlen, 0));
    size_t l4 = ip + hlen, l4len = n - l4;
    uint8_t proto = d[ip + 9];
    if ((d[ip + 6] & 0x3F) || d[ip + 7]) return;
    uint32_t pseudo = proto + (uint32_t) l4len;
    for (size_t i = ip + 12; i < ip + 20; i += 2) pseudo += d[i] << 8 | d[i + 1];
    if (proto == 1 && l4len >= 8) put(l4 + 2, 0), put(l4 + 2, sum(l4, n, 0));
    if (proto == 6 && l4len >= 20) put(l4 + 16, 0), put(l4 + 16, sum(l4, n, pseudo));
    if (proto == 17 && l4len >= 8) put(l4 + 4, l4len), put(l4 + 6, 0), put(l4 + 6, sum(l4, n, pseudo));
}
#endif
