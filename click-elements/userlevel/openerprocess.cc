// The process that opens devices for a confined lclick (elements/userlevel/opener.hh): `lclick --opener UID GID sockets|programs[+MAPS] DEVICE...`,
// its requests on descriptor 3, and maps of devices from 4 on. It keeps no more than CAP_NET_RAW and, to attach programs, CAP_NET_ADMIN and CAP_BPF; it may make
// sockets and bind them, and nothing else; and it ends with the one it serves.
#include <click/config.h>
#include "confine.hh"
#include "elements/userlevel/bpf.hh"
#include "elements/userlevel/bpfobject.hh"
#include "elements/userlevel/frameio.hh"
#include "elements/userlevel/opener.hh"
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef CAP_BPF
# define CAP_BPF 39
#endif
CLICK_DECLS
using frameio::Opener;

namespace {
/** By the system call itself: what a library or a sanitizer would do before is not let through. */
[[noreturn]] void leave(int status) {
    for (;;) syscall(SYS_exit_group, status);
}

/** False if something that is not needed cannot be given up. */
bool shrink(unsigned uid, unsigned gid, bool programs) {
    click_drop_bounding_set();
    if (getuid() != uid || getgid() != gid) {
        prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
        if (setgroups(0, nullptr) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
            return false;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);      // here: a change of user takes it back
    return (programs ? click_keep_capabilities({CAP_NET_RAW, CAP_NET_ADMIN, CAP_BPF}) : click_keep_capabilities({CAP_NET_RAW})) && click_install_opener_filter(programs) == 0;
}

int index_of(int questions, const char *device) {
    struct ifreq ifr = {};
    strncpy(ifr.ifr_name, device, sizeof ifr.ifr_name - 1);
    return ioctl(questions, SIOCGIFINDEX, &ifr) == 0 ? ifr.ifr_ifindex : -errno;
}

int nmaps;                      // of devices, kept for the one it serves

/** Put the device into two maps that are kept, and link the program to it. */
int attach(uint32_t detail, int ifindex, int program, int *back) {
    const uint32_t map = detail >> 8, place = detail >> 4 & 15, hook = detail & 15, value = (uint32_t) ifindex;
    if (map + 1 >= (uint32_t) nmaps || hook > (uint32_t) bpf::Hook::tc)
        return -EINVAL;
    for (uint32_t m : {map, map + 1})
        if (int error = bpf::put(Opener::first_map + (int) m, &place, &value))
            return error;
    return (*back = bpf::link(program, ifindex, (bpf::Hook) hook)) < 0 ? *back : 0;
}

/** The answer's number; in @a back what goes along with it. @a fd came with the request, or is -1. */
int serve(const Opener::Request &q, const char *device, int questions, int fd, int *back) {
    const int raw = SOCK_RAW | SOCK_CLOEXEC, family = q.what == Opener::packet_socket ? AF_PACKET : AF_XDP;
    if (q.what == Opener::packet_socket || q.what == Opener::xdp_socket)
        return (*back = socket(family, family == AF_PACKET ? raw | SOCK_NONBLOCK : raw, 0)) < 0 ? -errno : 0;
    const int ifindex = index_of(questions, device);
    if (ifindex < 0)
        return ifindex;
    int generic = 0;
    switch (q.what) {
    case Opener::bind_packet_socket: return frameio::bind_packet(fd, ifindex, (int) q.detail);
    case Opener::bind_xdp_socket: return frameio::bind_xdp(fd, ifindex, (int) q.detail);
    case Opener::ingress_link: return (*back = bpf::drop_ingress(ifindex)) < 0 ? *back : 0;
    case Opener::program_link: return attach(q.detail, ifindex, fd, back);
    case Opener::xdp_link: return (*back = bpf::redirect(fd, ifindex, &generic)) < 0 ? *back : generic;
    default: return -EINVAL;
    }
}
}

int click_run_opener(int argc, char **argv) {
    if (argc < 4) {
        fputs("lclick: --opener is for lclick itself\n", stderr);
        return 1;
    }
    const bool programs = strncmp(argv[2], "programs", 8) == 0;
    nmaps = programs && argv[2][8] == '+' ? atoi(argv[2] + 9) : 0;
    for (int fd : {0, 1, 2})        // the pipes that others wait on end with the one we serve
        close(fd);
    syscall(SYS_close_range, Opener::descriptor + 1 + nmaps, ~0U, 0);
    const int questions = frameio::question_socket();
    Opener::Answer a = {Opener::hello, 0};
    click_forget_start();               // its filter would not let it
    if (questions < 0 || !shrink((unsigned) strtoul(argv[0], nullptr, 10), (unsigned) strtoul(argv[1], nullptr, 10), programs)
        || Opener::send(Opener::descriptor, &a, sizeof a, -1) < 0)
        leave(1);
    for (;;) {
        Opener::Request q;
        int fd, back = -1, n = Opener::receive(Opener::descriptor, &q, sizeof q, &fd);
        if (n <= 0)
            leave(0);
        const bool known = n == sizeof q && q.device < (unsigned) argc - 3;
        a.what = q.what;
        a.result = known ? serve(q, argv[3 + q.device], questions, fd, &back) : -EINVAL;
        const int sent = Opener::send(Opener::descriptor, &a, sizeof a, back);
        for (int open : {fd, back})
            if (open >= 0) close(open);
        if (sent < 0)
            leave(0);
    }
}

CLICK_ENDDECLS
