// vethload: frames through a device under test, and what it costs. One device to send on, one to count at; prints one JSON object.
// See README.md beside it. Static and without dependencies: g++ -O2 -std=c++17 -static -o vethload vethload.cc
#include <arpa/inet.h>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

enum { headers = 42 };          // Ethernet, IPv4 and UDP

[[noreturn]] void die(const char *what, const char *which) {
    fprintf(stderr, "vethload: %s %s\n", what, which);
    exit(1);
}

double now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

/** What a device received, in frames of @a size bytes: of one that waits to be cut (GSO), the frames in it, each of which has the same 42 bytes
    of headers and none of which the device counts. From the namespace's own file: sysfs would show the one it was mounted in. */
uint64_t received(const char *device, int size) {
    FILE *f = fopen("/proc/thread-self/net/dev", "r");
    char line[512];
    uint64_t packets = 0, bytes = 0;
    bool found = false;
    while (f && fgets(line, sizeof line, f)) {
        char *name = line + strspn(line, " "), *colon = strchr(name, ':');
        if (!colon) continue;
        *colon = 0;
        if (strcmp(name, device) == 0) found = sscanf(colon + 1, "%" SCNu64 " %" SCNu64, &bytes, &packets) == 2;
    }
    if (f) fclose(f);
    if (!found) die("no counters of", device);
    return size > headers ? (bytes - headers * packets + (size - headers) / 2) / (size - headers) : packets;
}

/** CPU time of a process and its threads in µs; the scheduler's own account, not ticks. */
double cpu_us(int pid) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/schedstat", pid);
    FILE *f = fopen(name, "r");
    unsigned long long ns = 0;
    bool ok = f && fscanf(f, "%llu", &ns) == 1;
    if (f) fclose(f);
    if (!ok) die("cannot read", name);
    return (double) ns / 1000;
}

/** The core that a process ran on last. */
int core_of(int pid) {
    char name[64], text[1024] = "";
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    FILE *f = fopen(name, "r");
    bool ok = f && fgets(text, sizeof text, f);
    if (f) fclose(f);
    const char *p = ok ? strrchr(text, ')') : nullptr;      // of field 2; the core is field 39
    for (int field = 2; p && field < 39; ++field) p = strchr(p + 1, ' ');
    if (!p) die("cannot read", name);
    return atoi(p + 1);
}

/** Softirq time of a core in µs, of the kernel's ticks. */
double softirq_us(int core) {
    char line[512], name[32];
    int n = snprintf(name, sizeof name, "cpu%d ", core);
    FILE *f = fopen("/proc/stat", "r");
    uint64_t ticks = 0;
    bool found = false;
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, (size_t) n) == 0) found = sscanf(line + n, "%*u %*u %*u %*u %*u %*u %" SCNu64, &ticks) == 1;
    if (f) fclose(f);
    if (!found) die("no times of", name);
    return (double) ticks * 1e6 / (double) sysconf(_SC_CLK_TCK);
}

uint16_t sum(const unsigned char *d, int n) {
    uint32_t s = 0;
    for (int i = 0; i + 1 < n; i += 2) s += d[i] << 8 | d[i + 1];
    while (s >> 16) s = (s & 0xFFFF) + (s >> 16);
    return (uint16_t) ~s;
}

/** A UDP frame that is nobody's (its addresses belong to no host), so that no kernel answers it: "don't fragment", its identification @a number. */
void build(unsigned char *f, int size, int flow, int number, bool summed) {
    static const unsigned char head[] = {2, 0, 0, 0, 0, 0x22, 2, 0, 0, 0, 0, 0x11, 8, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, 198, 18, 0, 1, 198, 19, 0, 1};
    memset(f, 0, size);
    memcpy(f, head, sizeof head);
    f[16] = (unsigned char) ((size - 14) >> 8), f[17] = (unsigned char) (size - 14);
    f[29] = (unsigned char) (1 + flow % 250);
    f[18] = (unsigned char) (number >> 8), f[19] = (unsigned char) number;
    uint16_t s = sum(f + 14, 20);
    f[24] = s >> 8, f[25] = (unsigned char) s;
    f[34] = 0x30, f[35] = (unsigned char) flow, f[36] = 0x30, f[37] = 0x39;
    f[38] = (unsigned char) ((size - 34) >> 8), f[39] = (unsigned char) (size - 34);
    if (!summed) return;
    // The pseudo-header is the addresses before the UDP header, the protocol, and the length once more.
    uint32_t t = (uint16_t) ~sum(f + 26, size - 26 + (size & 1)) + 17u + (uint32_t) (size - 34);
    while (t >> 16) t = (t & 0xFFFF) + (t >> 16);
    t = ~t & 0xFFFF;
    if (!t) t = 0xFFFF;
    f[40] = (unsigned char) (t >> 8), f[41] = (unsigned char) t;
}

}

int main(int argc, char **argv) {
    const char *out = nullptr, *in = nullptr;
    int size = 64, burst = 64, flows = 64, run = 1, pid = 0;
    double seconds = 2, rate = 0, limit = 0;
    const char *like = "";
    for (int i = 1; i < argc; ++i) {
        auto is = [&](const char *name) { return strcmp(argv[i], name) == 0 && (i + 1 < argc || (die("no value for", name), false)); };
        if (is("--out")) out = argv[++i];
        else if (is("--in")) in = argv[++i];
        else if (is("--size")) size = atoi(argv[++i]);
        else if (is("--burst")) burst = atoi(argv[++i]);
        else if (is("--flows")) flows = atoi(argv[++i]);
        else if (is("--run")) run = atoi(argv[++i]);
        else if (is("--like")) like = argv[++i];
        else if (is("--seconds")) seconds = atof(argv[++i]);
        else if (is("--rate")) rate = atof(argv[++i]);
        else if (is("--count")) limit = atof(argv[++i]);
        else if (is("--pid")) pid = atoi(argv[++i]);
        else die("unknown option", argv[i]);
    }
    if (!out || !in) die("usage: vethload --out DEVICE --in DEVICE [--size BYTES --seconds S --count N --rate PPS --burst N --flows N --run N --like connected|probing --pid PID]", "");
    if (size < 42 || size > 9000 || burst < 1 || burst > 1024 || flows < 1 || flows > 4096 || run < 1 || run > 64)
        die("out of range:", "--size 42-9000, --burst 1-1024, --flows 1-4096, --run 1-64");
    int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;
    sockaddr_ll sll{};
    sll.sll_family = AF_PACKET, sll.sll_ifindex = (int) if_nametoindex(out);
    if (fd < 0 || !sll.sll_ifindex || bind(fd, (sockaddr *) &sll, sizeof sll) < 0) die("cannot send on", out);
    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
    const bool connected = strcmp(like, "connected") == 0;
    if (*like && !connected && strcmp(like, "probing") != 0) die("--like is connected or probing, not", like);
    if (*like && run > 1) die("--like is for flows in turn, not for", "--run");
    // Of flows in turn that count, each counts this far before its numbers begin again.
    const int each = connected ? 64 : run, kinds = flows * each;
    auto *frames = new unsigned char[(size_t) kinds * size + 1]();      // one more: a sum over an odd length takes a zero
    for (int i = kinds - 1; i >= 0; --i) connected ? build(frames + (size_t) i * size, size, i % flows, 1 + i / flows, true)
                                                       : build(frames + (size_t) i * size, size, i / run, run > 1 ? 1 + i : 0, run > 1 || *like);
    auto *messages = new mmsghdr[burst]();
    auto *vectors = new iovec[burst];
    uint64_t sent = 0, refused = 0, before = received(in, size);
    const int core = pid ? core_of(pid) : 0;
    double softirq = pid ? softirq_us(core) : 0, cpu = pid ? cpu_us(pid) : 0, start = now(), end = start;
    int kind = 0;
    while ((end = now()) - start < seconds && (limit == 0 || (double) sent < limit)) {
        int n = burst;
        if (limit > 0 && limit - (double) sent < n) n = (int) (limit - (double) sent);
        if (rate > 0) {
            double due = (end - start) * rate - (double) sent;
            if (due < 1) {
                timespec nap{0, 20000};
                nanosleep(&nap, nullptr);
                continue;
            }
            if (due < n) n = (int) due;
        }
        for (int i = 0; i < n; ++i) {
            vectors[i] = {frames + (size_t) kind * size, (size_t) size};
            messages[i].msg_hdr.msg_iov = &vectors[i], messages[i].msg_hdr.msg_iovlen = 1;
            if (++kind == kinds) kind = 0;
        }
        int done = sendmmsg(fd, messages, n, 0);
        if (done > 0) sent += done;
        else ++refused;
    }
    // What is still under way arrives; then the counter stands still.
    uint64_t last = received(in, size), next;
    double settled = now();
    for (int still = 0; still < 5; last = next) {
        usleep(10000);
        next = received(in, size);
        if (next == last) ++still;
        else still = 0, settled = now();
        if (settled - end > 5) break;
    }
    uint64_t got = last - before;
    cpu = pid ? cpu_us(pid) - cpu : 0, softirq = pid ? softirq_us(core) - softirq : 0;
    double elapsed = end - start;
    printf("{\"size\":%d,\"seconds\":%.6f,\"sent\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"received\":%" PRIu64 ",\"sent_kpps\":%.1f,\"received_kpps\":%.1f", size, elapsed, sent,
           refused, got, (double) sent / elapsed / 1000, (double) got / elapsed / 1000);
    if (pid)
        printf(",\"cpu_us\":%.0f,\"cpu_us_per_packet\":%.4f,\"cpu_share\":%.3f,\"softirq_us_per_packet\":%.4f", cpu, got ? cpu / (double) got : 0.0, cpu / 1e6 / elapsed,
               got ? softirq / (double) got : 0.0);
    printf("}\n");
}
