#include <click/config.h>
#include "gtpfastloader.hh"
#include "elements/userlevel/startself.hh"
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
CLICK_DECLS

bool GTPFastLoader::start(const GTPFastKernel &k, GTPFastKernel::Mode mode) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return false;
    Vector<String> words;
    words.push_back("lclick");
    words.push_back("--load-fastpath");
    words.push_back(String((int) mode));
    for (const GTPFastKernel::Device &d : k.devices)
        words.push_back(d.name);
    int fds[1 + GTPFastKernel::nmaps] = {ends[1]};
    memcpy(fds + 1, k.maps(), GTPFastKernel::nmaps * sizeof *fds);
    const pid_t process = frameio::start_self(words, fds, 1 + GTPFastKernel::nmaps);
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return false;
    }
    _fd = ends[0], _process = process, _mode = mode, _answered = false;
    return true;
}

// ---- The process

/** One message with descriptors. */
static bool say(const GTPFastLoader::Answer &a, const int *fds, int n) {
    struct iovec v = {const_cast<GTPFastLoader::Answer *>(&a), sizeof a};
    struct msghdr m = {};
    alignas(struct cmsghdr) char control[CMSG_SPACE((GTPFastKernel::nprograms + gtpfast_nports) * sizeof *fds)] = {};
    m.msg_iov = &v, m.msg_iovlen = 1;
    if (n) {
        m.msg_control = control, m.msg_controllen = CMSG_SPACE((size_t) n * sizeof *fds);
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN((size_t) n * sizeof *fds);
        memcpy(CMSG_DATA(c), fds, (size_t) n * sizeof *fds);
    }
    return sendmsg(GTPFastLoader::descriptor, &m, MSG_NOSIGNAL) == (ssize_t) sizeof a;
}

bool GTPFastLoader::serve(GTPFastKernel &k, GTPFastKernel::Mode mode) {
    Answer a = {};
    String why;
    int fds[max_fds];
    int n = 0;
    a.loaded = k.load(mode, &why);
    a.attached = a.loaded && k.attach(mode, &why, patience_ms);
    for (int i = 0; a.loaded && i < GTPFastKernel::nprograms; ++i)
        if (k.programs()[i] >= 0)
            fds[n++] = k.programs()[i], a.programs |= 1U << i;
    for (int i = 0; i < gtpfast_nports; ++i) {
        a.ifindex[i] = k.devices[i].ifindex, a.hook[i] = (int32_t) k.devices[i].hook;
        if (a.attached)
            fds[n++] = k.devices[i].link;
    }
    strncpy(a.why, why.c_str(), sizeof a.why - 1);
    return say(a, fds, n);
}

// ---- The other end

GTPFastLoader::Outcome GTPFastLoader::look(GTPFastKernel *k, String *why) {
    if (_fd < 0)
        return pending;
    Answer a;
    int fds[max_fds];
    struct iovec v = {&a, sizeof a};
    struct msghdr m = {};
    alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fds)] = {};
    m.msg_iov = &v, m.msg_iovlen = 1, m.msg_control = control, m.msg_controllen = sizeof control;
    const ssize_t size = recvmsg(_fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return pending;
    int n = 0;
    struct cmsghdr *c = size > 0 ? CMSG_FIRSTHDR(&m) : nullptr;
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
        n = (int) ((c->cmsg_len - CMSG_LEN(0)) / sizeof *fds);
        memcpy(fds, CMSG_DATA(c), (size_t) n * sizeof *fds);
    }
    const bool is_answer = size == (ssize_t) sizeof a && !_answered && n == __builtin_popcount(a.programs) + (a.attached ? (int) gtpfast_nports : 0);
    if (!is_answer) {                   // it has ended
        for (int i = 0; i < n; ++i)
            close(fds[i]);
        const bool unheard = !_answered;
        stop();
        if (unheard)
            *why = "the process that loads the programs ended before it had";
        return unheard ? failed : pending;
    }
    _answered = true;
    a.why[sizeof a.why - 1] = 0;
    *why = a.why;
    if (!a.loaded)
        return failed;
    int programs[GTPFastKernel::nprograms], links[gtpfast_nports], next = 0;
    for (int i = 0; i < GTPFastKernel::nprograms; ++i)
        programs[i] = a.programs >> i & 1 ? fds[next++] : -1;
    for (int &link : links)
        link = a.attached ? fds[next++] : -1;
    k->adopt(_mode, programs, links, a.ifindex, a.hook);
    return a.attached ? ready : loaded;
}

/** The end of the connection ends it, in the middle of a system call, too. */
void GTPFastLoader::stop() {
    if (_fd < 0)
        return;
    close(_fd);
    _fd = -1;
    while (waitpid(_process, nullptr, 0) < 0 && errno == EINTR) {}
}

void GTPFastLoader::swap(GTPFastLoader &x) {
    std::swap(_fd, x._fd), std::swap(_process, x._process), std::swap(_answered, x._answered), std::swap(_mode, x._mode);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
