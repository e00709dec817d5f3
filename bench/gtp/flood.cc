// Loads a device with frames as fast as one core can, and counts what arrives elsewhere: `xdp-flood SEND-DEVICE SINK-DEVICE SECONDS PCAP [OFFSET FLOWS [PPS]]`.
//
// Frames are made in the kernel (BPF_PROG_TEST_RUN with live frames, Linux 5.18), since a sender of sockets costs several times what is to be
// measured; they leave through SEND-DEVICE, whose other end must take frames from a driver (an XDP program there, or GRO on). An XDP
// program on SINK-DEVICE drops and counts. PCAP holds the frame. With FLOWS the 16 bits at OFFSET (a port) take so many values in turn; with PPS
// no more than that are sent a second. Prints JSON: sent, received, bytes, seconds.
#include <click/config.h>
#include "elements/userlevel/bpfobject.hh"
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
namespace bpf {
extern const unsigned char flood_object[];
extern const size_t flood_object_size;
}

namespace {
struct State { uint32_t offset, flows, base, next; unsigned char head[128]; };
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

uint64_t received(const Count *counts, int cpus, uint64_t *bytes) {
    uint64_t n = 0;
    *bytes = 0;
    for (int i = 0; i < cpus; ++i) n += __atomic_load_n(&counts[i].packets, __ATOMIC_RELAXED), *bytes += counts[i].bytes;
    return n;
}
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fputs("Usage: xdp-flood SEND-DEVICE SINK-DEVICE SECONDS PCAP [OFFSET FLOWS [PPS]]\n", stderr);
        return 1;
    }
    const uint32_t from = if_nametoindex(argv[1]), to = if_nametoindex(argv[2]);
    if (!from || !to) fail("device");
    const double duration = atof(argv[3]), pps = argc > 7 ? atof(argv[7]) : 0;
    static unsigned char frame[4096];
    const size_t length = read_frame(argv[4], frame, 3000);
    const int cpus = (int) sysconf(_SC_NPROCESSORS_CONF);
    int state = checked(bpf::make_map("state", BPF_MAP_TYPE_ARRAY, 4, sizeof(State), 1, 0), "map");
    int counts = checked(bpf::make_map("counts", BPF_MAP_TYPE_ARRAY, 4, sizeof(Count), (uint32_t) cpus, BPF_F_MMAPABLE), "map");
    int target = checked(bpf::make_map("target", BPF_MAP_TYPE_DEVMAP, 4, 4, 1, 0), "map");
    const bpf::NamedMap maps[] = {{"state", state}, {"counts", counts}, {"target", target}};
    const Count *count = (const Count *) mmap(nullptr, sizeof(Count) * (size_t) cpus, PROT_READ, MAP_SHARED, counts, 0);
    if (count == MAP_FAILED) fail("mmap");
    String why;
    int sink = checked(bpf::load_xdp(bpf::flood_object, bpf::flood_object_size, "xdp/sink", maps, 3, &why), "sink program");
    int send = checked(bpf::load_xdp(bpf::flood_object, bpf::flood_object_size, "xdp/send", maps, 3, &why), "program");
    checked(bpf::link_xdp(sink, (int) to, true), "attaching the sink");
    uint32_t zero = 0;
    State s = {};
    memcpy(s.head, frame, sizeof s.head);
    if (argc > 6) {
        s.offset = (uint32_t) atoi(argv[5]), s.flows = (uint32_t) atoi(argv[6]);
        s.base = (uint32_t) frame[s.offset & 0xFF] << 8 | frame[(s.offset & 0xFF) + 1];
    }
    checked(bpf::put(state, &zero, &s), "map");
    checked(bpf::put(target, &zero, &from), "map");

    struct xdp_md context = {};
    context.data_end = (uint32_t) length, context.ingress_ifindex = to;
    union bpf_attr a;
    memset(&a, 0, sizeof a);
    a.test.prog_fd = (uint32_t) send;
    a.test.data_in = (uintptr_t) frame, a.test.data_size_in = (uint32_t) length;
    a.test.ctx_in = (uintptr_t) &context, a.test.ctx_size_in = sizeof context;
    a.test.flags = 2;           // BPF_F_TEST_XDP_LIVE_FRAMES
    uint64_t sent = 0, bytes;
    const double start = seconds();
    double now = start;
    while ((now = seconds()) - start < duration) {
        uint64_t due = pps > 0 ? (uint64_t) ((now - start) * pps) : sent + (1 << 20);
        if (due <= sent) {
            struct timespec t = {0, 20000};
            nanosleep(&t, nullptr);
            continue;
        }
        a.test.repeat = (uint32_t) (due - sent < (1 << 20) ? due - sent : 1 << 20);
        if (syscall(SYS_bpf, BPF_PROG_TEST_RUN, &a, sizeof a) < 0 && errno != EINTR) fail("BPF_PROG_TEST_RUN");
        sent += a.test.repeat;
    }
    const double took = seconds() - start;
    // What is under way
    uint64_t n = received(count, cpus, &bytes);
    for (uint64_t before = n + 1; n != before; ) {
        before = n;
        usleep(100000);
        n = received(count, cpus, &bytes);
    }
    printf("{\"sent\":%llu,\"received\":%llu,\"bytes\":%llu,\"seconds\":%.3f}\n", (unsigned long long) sent, (unsigned long long) n, (unsigned long long) bytes, took);
}
