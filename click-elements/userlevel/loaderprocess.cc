// The process that loads the programs of a fast path and attaches them, while lclick goes on (elements/gtp/gtpfastloader.hh): `lclick --load-fastpath MODE RAN
// CORE LOCAL`. Its answer goes to descriptor 3; from 4 on it has the maps. It keeps the rights to load and attach, no user's files, and nothing once it has
// answered; and it ends with the one that it serves: links that nobody has taken over go with it.
#include <click/config.h>
#include "confine.hh"
#include "elements/gtp/gtpfastloader.hh"
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef CAP_PERFMON
# define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
# define CAP_BPF 39
#endif
CLICK_DECLS

namespace {
/** By the system call itself: what a library or a sanitizer would do before is not let through. */
[[noreturn]] void leave(int status) {
    for (;;) syscall(SYS_exit_group, status);
}

/** CAP_PERFMON for the verifier to take them as it does lclick's own; CAP_SYS_ADMIN only where it stands for CAP_BPF. */
bool shrink() {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct had[2] = {};
    syscall(SYS_capget, &head, had);
    click_drop_bounding_set();
    const bool bpf = had[CAP_BPF / 32].permitted & 1U << CAP_BPF % 32;
    return (bpf ? click_keep_capabilities({CAP_NET_ADMIN, CAP_PERFMON, CAP_BPF}) : click_keep_capabilities({CAP_NET_ADMIN, CAP_SYS_ADMIN})) && click_install_loader_filter() == 0;
}
}

int click_run_loader(int argc, char **argv) {
    if (argc != 1 + gtpfast_nports) {
        fputs("lclick: --load-fastpath is for lclick itself\n", stderr);
        return 1;
    }
    for (int fd : {0, 1, 2})            // the pipes that others wait on end with the one we serve
        close(fd);
    syscall(SYS_close_range, GTPFastLoader::first_map + GTPFastKernel::nmaps, ~0U, 0);
    // The end of the connection is SIGIO's, which ends us: wherever we are, and the verifier takes notice of it.
    if (fcntl(GTPFastLoader::descriptor, F_SETOWN, getpid()) < 0 || fcntl(GTPFastLoader::descriptor, F_SETFL, O_ASYNC) < 0)
        leave(1);
    GTPFastKernel k;
    String why;
    int maps[GTPFastKernel::nmaps];
    for (int i = 0; i < GTPFastKernel::nmaps; ++i)
        maps[i] = GTPFastLoader::first_map + i;
    for (int i = 0; i < gtpfast_nports; ++i)
        k.devices[i].name = argv[1 + i];
    if (!k.use_maps(maps, &why) || !shrink())
        leave(1);
    leave(!GTPFastLoader::serve(k, (GTPFastKernel::Mode) atoi(argv[0])));
}

CLICK_ENDDECLS
