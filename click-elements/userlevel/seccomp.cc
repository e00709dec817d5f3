// The filter of system calls: what the driver loop needs is let through; anything else is refused with EPERM and told on standard error, by way of
// SIGSYS. A refusal does not end the process: what asked gets an error as from any other call, and the traffic goes on. An alien ABI ends it.
#include <click/config.h>
#include <click/vector.hh>
#include "confine.hh"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
CLICK_DECLS

#if defined(__x86_64__)
# define LCLICK_AUDIT_ARCH AUDIT_ARCH_X86_64
# define LCLICK_RESULT(uc) (uc)->uc_mcontext.gregs[REG_RAX]
#elif defined(__aarch64__)
# define LCLICK_AUDIT_ARCH AUDIT_ARCH_AARCH64
# define LCLICK_RESULT(uc) (uc)->uc_mcontext.regs[0]
#elif defined(__arm__)
# define LCLICK_AUDIT_ARCH AUDIT_ARCH_ARM
# define LCLICK_RESULT(uc) (uc)->uc_mcontext.arm_r0
#endif

#ifdef SYS_mmap2
# define LCLICK_MMAP SYS_mmap2
#else
# define LCLICK_MMAP SYS_mmap
#endif

#ifndef LCLICK_AUDIT_ARCH
int click_install_filter(bool, bool, bool) { return ENOSYS; }
int click_install_opener_filter(bool) { return ENOSYS; }
int click_install_loader_filter() { return ENOSYS; }
#else

namespace {
enum { always = 1, when_reconfigures = 2, when_threads = 4, when_programs = 8 };
/** Holds if (argument & mask) == value, of 32 bits. A mask of 0 always does. */
struct Condition { int argument; uint32_t mask, value; };
struct Rule {
    int number;
    uint8_t when;
    uint16_t error;             // 0: allow; else fail quietly with it
    Condition condition[2];
};
const uint32_t all = ~0U;
#define ALLOW(name) {SYS_##name, always, 0, {}}
#define ALLOW_IF(name, ...) {SYS_##name, always, 0, {__VA_ARGS__}}
#define RECONFIGURE(name) {SYS_##name, when_reconfigures, 0, {}}

/** By how often they are called. Not every architecture has every call. */
const Rule rules[] = {
#ifdef SYS_poll
    ALLOW(poll),
#endif
    ALLOW(ppoll), ALLOW(recvmmsg), ALLOW(sendmmsg), ALLOW(read), ALLOW(write), ALLOW(clock_gettime), ALLOW(futex), ALLOW(sendto), ALLOW(recvfrom),
    ALLOW(sendmsg), ALLOW(recvmsg), ALLOW(readv), ALLOW(writev), ALLOW(sched_yield),
#ifdef SYS_clock_gettime64      // 32 bits, with 64 for the time
    ALLOW(clock_gettime64), ALLOW(ppoll_time64), ALLOW(recvmmsg_time64), ALLOW(futex_time64), ALLOW(clock_nanosleep_time64),
#endif
    // Memory, but none that can be executed
    ALLOW(brk), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise), ALLOW_IF(mprotect, {2, PROT_EXEC, 0}),
    {LCLICK_MMAP, always, 0, {{2, PROT_EXEC, 0}}},
    // Descriptors that are open, and connections to sockets that listen
    ALLOW(close), ALLOW(accept4), ALLOW(getsockopt), ALLOW(setsockopt), ALLOW(getsockname), ALLOW(getpeername), ALLOW(shutdown), ALLOW(lseek), ALLOW(pread64),
    ALLOW(pwrite64), ALLOW(fsync), ALLOW(fdatasync), ALLOW(ftruncate), ALLOW(epoll_pwait), ALLOW(epoll_ctl), ALLOW(dup), ALLOW(eventfd2),
#ifdef SYS_accept
    ALLOW(accept),
#endif
#ifdef SYS_epoll_wait
    ALLOW(epoll_wait),
#endif
#ifdef SYS_fcntl64
    ALLOW(fcntl64), ALLOW(fstat64), ALLOW(_llseek), ALLOW(ftruncate64),
#else
    ALLOW(fcntl), ALLOW(fstat),
#endif
#ifdef SYS_newfstatat
    ALLOW_IF(newfstatat, {3, 0x1000 /* AT_EMPTY_PATH */, 0x1000}),     // fstat()
#endif
    ALLOW_IF(statx, {2, 0x1000, 0x1000}),
    // Questions about network devices (SIOCGIF…; what sets something needs a capability), and for if_indextoname() a socket that leads nowhere by itself
    ALLOW_IF(ioctl, {1, ~0x7FU, 0x8900}), ALLOW_IF(ioctl, {1, all, 0x541B /* FIONREAD */}), {SYS_ioctl, always, ENOTTY, {{1, all, 0x5401 /* TCGETS: isatty() */}}},
    ALLOW_IF(socket, {0, all, 1 /* AF_UNIX */}, {1, 15, 2 /* SOCK_DGRAM */}),
    // Time, itself
    ALLOW(nanosleep), ALLOW(clock_nanosleep), ALLOW(clock_getres), ALLOW(gettimeofday), ALLOW(times), ALLOW(getrusage), ALLOW(sysinfo), ALLOW(getrandom), ALLOW(uname), ALLOW(prlimit64),
    ALLOW(getpid), ALLOW(getppid), ALLOW(gettid), ALLOW(getuid), ALLOW(geteuid), ALLOW(getgid), ALLOW(getegid), ALLOW(getcpu), ALLOW(sched_getaffinity), ALLOW(sched_setaffinity), ALLOW(membarrier),
#ifdef SYS_getuid32
    ALLOW(getuid32), ALLOW(geteuid32), ALLOW(getgid32), ALLOW(getegid32),
#endif
    ALLOW(rt_sigreturn), ALLOW(rt_sigaction), ALLOW(rt_sigprocmask), ALLOW(sigaltstack), ALLOW(restart_syscall),
#ifdef SYS_sigreturn
    ALLOW(sigreturn),
#endif
    ALLOW(exit), ALLOW(exit_group), ALLOW(wait4), ALLOW_IF(prctl, {0, all, PR_SET_NAME}),
    // Threads of ours, but no processes. libc tries clone3 first, whose flags cannot be seen from here. It may block all signals meanwhile, and a
    // blocked SIGSYS ends the process: so these are refused quietly.
    {SYS_clone, when_threads, 0, {{0, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM}}}, {SYS_clone, always, EPERM, {}}, {SYS_clone3, always, ENOSYS, {}},
#ifdef SYS_fork
    {SYS_fork, always, EPERM, {}}, {SYS_vfork, always, EPERM, {}},
#endif
    {SYS_set_robust_list, when_threads, 0, {}}, {SYS_rseq, when_threads, 0, {}},
#ifdef __arm__
    {0xF0005 /* set_tls */, when_threads, 0, {}},
#endif
    // hotconfig: what elements do at their initialisation
    {SYS_ioctl, when_reconfigures, EPERM, {{1, all, 0x5412 /* TIOCSTI */}}},
    RECONFIGURE(ioctl), RECONFIGURE(socket), RECONFIGURE(bind), RECONFIGURE(listen), RECONFIGURE(connect), RECONFIGURE(openat), RECONFIGURE(umask), RECONFIGURE(unlinkat), RECONFIGURE(statx), RECONFIGURE(pipe2),
    RECONFIGURE(dup3), RECONFIGURE(readlinkat), RECONFIGURE(faccessat),
#ifdef SYS_newfstatat
    RECONFIGURE(newfstatat),
#else
    RECONFIGURE(fstatat64),
#endif
#ifdef SYS_open
    RECONFIGURE(open), RECONFIGURE(unlink), RECONFIGURE(readlink), RECONFIGURE(access),
# ifdef SYS_stat64
    RECONFIGURE(stat64), RECONFIGURE(lstat64),
# else
    RECONFIGURE(stat), RECONFIGURE(lstat),
# endif
#endif
    // A ControlSocket removes its file when it ends. A filter cannot tell one path from another, so the file stays; the next one there replaces it.
#ifdef SYS_unlink
    {SYS_unlink, always, EPERM, {}},
#endif
    {SYS_unlinkat, always, EPERM, {}},
};

/** The process that loads programs (loaderprocess.cc). */
const Rule loader_rules[] = {
    ALLOW(bpf), ALLOW(sendmsg), ALLOW(sendto), ALLOW(recvfrom), ALLOW(setsockopt), ALLOW(close), ALLOW_IF(ioctl, {1, all, 0x8933 /* SIOCGIFINDEX */}), ALLOW_IF(ioctl, {1, all, 0x8921 /* SIOCGIFMTU */}), ALLOW_IF(ioctl, {1, all, 0x8946 /* SIOCETHTOOL */}),
    ALLOW_IF(socket, {0, all, 1 /* AF_UNIX */}, {1, 15, 2 /* SOCK_DGRAM */}), ALLOW_IF(socket, {0, all, 16 /* AF_NETLINK */}, {2, all, 16 /* NETLINK_GENERIC */}),
    ALLOW(brk), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise), {LCLICK_MMAP, always, 0, {{2, PROT_EXEC, 0}}}, ALLOW(exit_group), ALLOW(rt_sigreturn), ALLOW(restart_syscall),
    ALLOW(clock_nanosleep),
#ifdef SYS_clock_nanosleep_time64
    ALLOW(clock_nanosleep_time64),
#endif
};

/** The process that opens devices (openerprocess.cc). */
const Rule opener_rules[] = {
    ALLOW(recvmsg), ALLOW(sendmsg), ALLOW(close), ALLOW_IF(socket, {0, all, 17 /* AF_PACKET */}), ALLOW_IF(socket, {0, all, 44 /* AF_XDP */}), ALLOW(bind),
    ALLOW_IF(ioctl, {1, all, 0x8933 /* SIOCGIFINDEX */}), {SYS_bpf, when_programs, 0, {}}, ALLOW(exit_group), ALLOW(rt_sigreturn), ALLOW(restart_syscall),
};

const struct { int number; const char *name; } names[] = {
    {SYS_socket, "socket"}, {SYS_openat, "openat"}, {SYS_connect, "connect"}, {SYS_bind, "bind"}, {SYS_listen, "listen"}, {SYS_execve, "execve"}, {SYS_ioctl, "ioctl"},
    {SYS_ptrace, "ptrace"}, {SYS_kill, "kill"}, {SYS_tgkill, "tgkill"}, {SYS_mprotect, "mprotect"}, {LCLICK_MMAP, "mmap"}, {SYS_pipe2, "pipe2"}, {SYS_bpf, "bpf"}, {SYS_mount, "mount"}, {SYS_umask, "umask"}, {SYS_prctl, "prctl"}, {SYS_setsid, "setsid"},
#ifdef SYS_open
    {SYS_open, "open"},
#endif
};

void refused(int, siginfo_t *info, void *context) {
    static uint32_t told[32];
    int number = info->si_syscall, saved = errno;
    unsigned slot = (unsigned) number & 1023;
    LCLICK_RESULT((ucontext_t *) context) = -EPERM;
    if (__atomic_fetch_or(&told[slot / 32], 1U << slot % 32, __ATOMIC_RELAXED) & 1U << slot % 32)
        return;                 // once is enough
    char text[160] = "lclick: refused system call ";
    size_t n = strlen(text);
    auto put = [&](const char *s) { while (*s && n < sizeof text) text[n++] = *s++; };
    char digits[12];
    int d = sizeof digits;
    digits[--d] = 0;
    for (unsigned x = (unsigned) number; d > 0 && (x || !digits[d]); x /= 10) digits[--d] = (char) ('0' + x % 10);
    put(digits + d);
    for (const auto &k : names)
        if (k.number == number) put(" ("), put(k.name), put(")");
    put("; if the configuration needs it, run with --seccomp=off (docs/click-safety.md)\n");
    (void) !write(2, text, n);
    errno = saved;
}

struct Program : Vector<struct sock_filter> {
    void statement(uint16_t code, uint32_t k) { push_back(sock_filter{code, 0, 0, k}); }
    void jump(uint16_t code, uint32_t k, uint8_t yes, uint8_t no) { push_back(sock_filter{code, yes, no, k}); }
    void load(size_t offset) { statement(BPF_LD | BPF_W | BPF_ABS, (uint32_t) offset); }
    void finish(uint32_t action) { statement(BPF_RET | BPF_K, action); }
    void rule(const Rule &r) {
        int n = 0;              // instructions that follow the comparison of the number
        for (const Condition &c : r.condition) n += c.mask ? 3 : 0;
        jump(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t) r.number, 0, (uint8_t) (n ? n + 2 : 1));
        int left = n;
        for (const Condition &c : r.condition)
            if (c.mask) {
                load(offsetof(struct seccomp_data, args) + c.argument * 8 + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0));
                statement(BPF_ALU | BPF_AND | BPF_K, c.mask);
                left -= 3;
                jump(BPF_JMP | BPF_JEQ | BPF_K, c.value, 0, (uint8_t) (left + 1));
            }
        finish(r.error ? SECCOMP_RET_ERRNO | r.error : (uint32_t) SECCOMP_RET_ALLOW);
        if (n) load(offsetof(struct seccomp_data, nr));      // for the rules that follow
    }
};
}

static void begin(Program &p) {
    p.load(offsetof(struct seccomp_data, arch));
    p.jump(BPF_JMP | BPF_JEQ | BPF_K, LCLICK_AUDIT_ARCH, 1, 0);
    p.finish(SECCOMP_RET_KILL_PROCESS);
    p.load(offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    p.jump(BPF_JMP | BPF_JGE | BPF_K, 0x40000000 /* x32 */, 0, 1);
    p.finish(SECCOMP_RET_KILL_PROCESS);
#endif
}

static int install(Program &p) {
    struct sock_fprog program = {(unsigned short) p.size(), p.begin()};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0 ? errno : 0;
}

int click_install_filter(bool log, bool reconfigures, bool threads) {
    int when = always | (reconfigures ? when_reconfigures : 0) | (threads ? when_threads : 0);
    Program p;
    begin(p);
    for (const Rule &r : rules)
        if ((r.when & when) && !(log && r.error))
            p.rule(r);
    // abort() signals the process itself; nothing else is to be signalled.
    p.rule(Rule{SYS_tgkill, always, 0, {{0, all, (uint32_t) getpid()}}});
    p.finish(log ? SECCOMP_RET_LOG : SECCOMP_RET_TRAP);
    struct sigaction sa = {};
    sa.sa_sigaction = refused;
    sa.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSYS, &sa, nullptr);
    return install(p);
}

template <size_t n> static int install_only(const Rule (&rules)[n], int when) {
    Program p;
    begin(p);
    for (const Rule &r : rules)
        if (r.when & when)
            p.rule(r);
    p.finish(SECCOMP_RET_ERRNO | EPERM);
    return install(p);
}

int click_install_opener_filter(bool programs) { return install_only(opener_rules, always | (programs ? when_programs : 0)); }
int click_install_loader_filter() { return install_only(loader_rules, always); }
#endif

CLICK_ENDDECLS
