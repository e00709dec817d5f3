// Loads a device with frames, and counts what arrives elsewhere, and when:
//
//   xdp-flood SEND-DEVICE SINK-DEVICE SECONDS PCAP [OFFSET FLOWS [PPS [STAMP-OUT STAMP-IN]]]
//   xdp-flood forward DEVICE DEVICE
//
// Frames are made in the kernel (BPF_PROG_TEST_RUN with live frames, Linux 5.18), since a sender of sockets costs several times what is to be
// measured; they leave through SEND-DEVICE, whose other end must take frames from a driver (an XDP program there, or GRO on). An XDP
// program on SINK-DEVICE drops and counts. PCAP holds the frame. With FLOWS the 16 bits at OFFSET (a port) take so many values in turn.
//
// Without PPS (or with 0) it is as fast as one core can. With it each frame is sent when it is due, one by one, or above 500,000 a second 16 at a time, and
// whatever happens: a sender that was kept from it sends what is due since. With STAMP-OUT the frame bears at this offset (12 bytes) the time when it
// was due, which is looked for at STAMP-IN of what arrives: `times` are [from ns, to ns, frames], buckets 3 % wide.
//
// Prints JSON: sent, received, bytes, seconds, late (ns, of the last one), times. `forward` joins two devices with nothing between them (XDP_REDIRECT, both ways), says "ready", and lasts
// until it is stopped.
#include <click/config.h>
#include "elements/userlevel/bpfobject.hh"
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
namespace bpf {
extern const unsigned char flood_object[];
extern const size_t flood_object_size;
}

namespace {
enum { buckets = 1024, burst = 16, one_by_one = 500000 };
struct State {
    uint32_t offset, flows, base, next;
    uint64_t first, due, interval, sent, late;
    uint32_t stamp_out, stamp_in, fraction, none;
    unsigned char head[128];
};
struct Count { uint64_t packets, bytes, none[6]; };

[[noreturn]] void fail(const char *what, int error = errno) {
    fprintf(stderr, "xdp-flood: %s: %s\n", what, strerror(error));
    exit(1);
}

int checked(int r, const char *what) {
    if (r < 0) fail(what, -r);
    return r;
}

double seconds() {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

/** The first frame of a capture. */
size_t read_frame(const char *file, unsigned char *frame, size_t room) {
    unsigned char head[40];
    FILE *f = fopen(file, "rb");
    if (!f || fread(head, 1, sizeof head, f) != sizeof head) fail(file);
    uint32_t n;
    memcpy(&n, head + 32, 4);
    if (n > room || fread(frame, 1, n, f) != n) fail(file, EINVAL);
    fclose(f);
    return n;
}

int descriptor(int type, uint32_t value_bytes, uint32_t entries, uint32_t flags) {
    return checked(bpf::make_map("flood", type, 4, value_bytes, entries, flags), "map");
}

/** An array that programs and we have in common. */
template <typename T> T *shared(int map, uint32_t entries) {
    void *p = mmap(nullptr, sizeof(T) * entries, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);
    if (p == MAP_FAILED) fail("mmap");
    return (T *) p;
}

struct Maps {
    const uint32_t cpus = (uint32_t) sysconf(_SC_NPROCESSORS_CONF);
    const int state_map = descriptor(BPF_MAP_TYPE_ARRAY, sizeof(State), 1, BPF_F_MMAPABLE), counts_map = descriptor(BPF_MAP_TYPE_ARRAY, sizeof(Count), cpus, BPF_F_MMAPABLE),
              times_map = descriptor(BPF_MAP_TYPE_ARRAY, 8, cpus * buckets, BPF_F_MMAPABLE), target_map = descriptor(BPF_MAP_TYPE_DEVMAP, 4, 1, 0);
    State *state = shared<State>(state_map, 1);
    Count *counts = shared<Count>(counts_map, cpus);
    uint64_t *times = shared<uint64_t>(times_map, cpus * buckets);

    int program(const char *section) const {
        const bpf::NamedMap maps[] = {{"state", state_map}, {"counts", counts_map}, {"times", times_map}, {"target", target_map}};
        String why;
        return checked(bpf::load(bpf::Kind::xdp, bpf::flood_object, bpf::flood_object_size, section, maps, 4, &why), section);
    }
    void send_to(uint32_t device) const {
        const uint32_t zero = 0;
        checked(bpf::put(target_map, &zero, &device), "map");
    }
    Count received() const {
        Count sum = {};
        for (uint32_t i = 0; i < cpus; ++i) sum.packets += __atomic_load_n(&counts[i].packets, __ATOMIC_RELAXED), sum.bytes += counts[i].bytes;
        return sum;
    }
};

uint64_t lowest(uint32_t bucket) { return bucket < 32 ? bucket : (uint64_t) (32 + bucket % 32) << (bucket / 32 - 1); }

void print_times(const Maps &maps) {
    const char *between = "";
    printf(",\"times\":[");
    for (uint32_t b = 0; b + 1 < buckets; ++b) {
        uint64_t n = 0;
        for (uint32_t cpu = 0; cpu < maps.cpus; ++cpu) n += maps.times[cpu * buckets + b];
        if (!n) continue;
        printf("%s[%llu,%llu,%llu]", between, (unsigned long long) lowest(b), (unsigned long long) lowest(b + 1), (unsigned long long) n);
        between = ",";
    }
    printf("]");
}

uint32_t device(const char *name) {
    const uint32_t index = if_nametoindex(name);
    if (!index) fail(name);
    return index;
}

int forward(const char *a, const char *b) {
    const Maps there, back;
    const uint32_t ends[] = {device(a), device(b)};
    there.send_to(ends[1]), back.send_to(ends[0]);
    checked(bpf::link(there.program("xdp/forward"), (int) ends[0], bpf::Hook::native), "attaching");
    checked(bpf::link(back.program("xdp/forward"), (int) ends[1], bpf::Hook::native), "attaching");
    puts("ready");
    fflush(stdout);
    for (;;) pause();
}

/** All is over when the time is up, which ends the system call that sends. */
volatile sig_atomic_t over;
void end(int) { over = 1; }

void send_for(double duration) {
    struct sigaction action = {};
    action.sa_handler = end;
    sigaction(SIGALRM, &action, nullptr);
    const struct timeval t = {(time_t) duration, (suseconds_t) (duration * 1e6) % 1000000};
    const struct itimerval timer = {{0, 10000}, t};     // again, should it come between two calls
    setitimer(ITIMER_REAL, &timer, nullptr);
}
}

int main(int argc, char **argv) {
    if (argc == 4 && !strcmp(argv[1], "forward"))
        return forward(argv[2], argv[3]);
    if (argc < 5) {
        fputs("Usage: xdp-flood SEND-DEVICE SINK-DEVICE SECONDS PCAP [OFFSET FLOWS [PPS [STAMP-OUT STAMP-IN]]]\n       xdp-flood forward DEVICE DEVICE\n", stderr);
        return 1;
    }
    const uint32_t from = device(argv[1]), to = device(argv[2]);
    const double duration = atof(argv[3]), pps = argc > 7 ? atof(argv[7]) : 0;
    if (argc > 8 && !(pps > 0)) fail("STAMP-OUT without PPS", EINVAL);
    static unsigned char frame[4096];
    const size_t length = read_frame(argv[4], frame, 3000);
    const Maps maps;
    const int send = maps.program("xdp/send");
    checked(bpf::link(maps.program("xdp/sink"), (int) to, bpf::Hook::native), "attaching the sink");
    maps.send_to(from);
    State &s = *maps.state;
    memcpy(s.head, frame, sizeof s.head);
    if (argc > 6) {
        s.offset = (uint32_t) atoi(argv[5]), s.flows = (uint32_t) atoi(argv[6]);
        s.base = (uint32_t) frame[s.offset & 0xFF] << 8 | frame[(s.offset & 0xFF) + 1];
    }
    if (argc > 9) s.stamp_out = (uint32_t) atoi(argv[8]), s.stamp_in = (uint32_t) atoi(argv[9]);

    struct xdp_md context = {};
    context.data_end = (uint32_t) length, context.ingress_ifindex = to;
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.test.prog_fd = (uint32_t) send;
    a.test.data_in = (uintptr_t) frame, a.test.data_size_in = (uint32_t) length;
    a.test.ctx_in = (uintptr_t) &context, a.test.ctx_size_in = sizeof context;
    a.test.flags = 2;           // BPF_F_TEST_XDP_LIVE_FRAMES
    a.test.repeat = UINT32_MAX;
    if (pps > 0) a.test.batch_size = pps > one_by_one ? burst : 1;
    const double start = seconds();
    s.interval = pps > 0 ? (uint64_t) (256e9 / pps) : 0;
    send_for(duration);
    while (!over)
        if (syscall(SYS_bpf, BPF_PROG_TEST_RUN, &a, sizeof a) < 0 && errno != EINTR) fail("BPF_PROG_TEST_RUN");
    // By what was due, since to begin and to end take their time, too.
    const double took = s.interval ? (double) (s.due - s.first) / 1e9 : seconds() - start;
    // What is under way
    Count n = maps.received();
    for (uint64_t before = n.packets + 1; n.packets != before; ) {
        before = n.packets;
        usleep(100000);
        n = maps.received();
    }
    printf("{\"sent\":%llu,\"received\":%llu,\"bytes\":%llu,\"seconds\":%.3f,\"late\":%llu", (unsigned long long) s.sent, (unsigned long long) n.packets, (unsigned long long) n.bytes, took,
           (unsigned long long) s.late);
    if (s.stamp_out) print_times(maps);
    puts("}");
}
