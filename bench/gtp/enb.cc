// An eNB in the kernel (enb.bpf.c), for benchmarks in which it must not be what is slow:
//
//   gtp-enb UE-DEVICE S1-DEVICE OUTER ETHER
//
// What comes from UE-DEVICE goes out at S1-DEVICE with OUTER in front, 50 bytes of hexadecimal digits: Ethernet, IPv4, UDP and GTP-U headers, whose lengths and
// sum are filled in. G-PDUs from S1-DEVICE go out at UE-DEVICE, out of their tunnel, with ETHER in front, 14 bytes. All else stays where it is.
// Says "ready", and lasts until it is stopped.
#include <click/config.h>
#include "elements/userlevel/bpfobject.hh"
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <unistd.h>
namespace bpf {
extern const unsigned char enb_object[];
extern const size_t enb_object_size;
}

namespace {
struct State {
    uint32_t ue, s1;
    unsigned char outer[52], ether[16];
};

int checked(int r, const char *what) {
    if (r >= 0) return r;
    fprintf(stderr, "gtp-enb: %s: %s\n", what, strerror(-r));
    exit(1);
}

uint32_t device(const char *name) {
    const uint32_t index = if_nametoindex(name);
    return index ? index : (uint32_t) checked(-errno, name);
}

void read_hex(unsigned char *to, const char *text, size_t bytes) {
    if (strlen(text) != 2 * bytes) checked(-EINVAL, text);
    for (size_t i = 0; i < bytes; ++i)
        if (sscanf(text + 2 * i, "%2hhx", &to[i]) != 1) checked(-EINVAL, text);
}

void attach(const char *section, int map, uint32_t to) {
    const bpf::NamedMap maps[] = {{"state", map}};
    String why;
    const int program = bpf::load(bpf::Kind::tc, bpf::enb_object, bpf::enb_object_size, section, maps, 1, &why);
    checked(program, why ? why.c_str() : section);
    checked(bpf::link(program, (int) to, bpf::Hook::tc), "attaching");      // it ends with this process
}
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fputs("Usage: gtp-enb UE-DEVICE S1-DEVICE OUTER ETHER\n", stderr);
        return 1;
    }
    State s = {};
    const uint32_t zero = 0;
    s.ue = device(argv[1]), s.s1 = device(argv[2]);
    read_hex(s.outer, argv[3], 50);
    read_hex(s.ether, argv[4], 14);
    const int map = checked(bpf::make_map("enb", BPF_MAP_TYPE_ARRAY, 4, sizeof s, 1, 0), "map");
    checked(bpf::put(map, &zero, &s), "map");
    attach("tc/wrap", map, s.ue);
    attach("tc/strip", map, s.s1);
    puts("ready");
    fflush(stdout);
    for (;;) pause();
}
