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
    alignas(struct cmsghdr) char control[CMSG_SPACE(2 * gtpfast_nports * sizeof *fds)] = {};
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
    a.loaded = k.load(&why);
    a.attached = a.loaded && k.attach(mode, &why, patience_ms);
    for (int i = 0; i < gtpfast_nports; ++i) {
        fds[i] = k.programs()[i], fds[gtpfast_nports + i] = k.devices[i].link;
        a.ifindex[i] = k.devices[i].ifindex, a.is_native[i] = k.devices[i].is_native;
    }
    strncpy(a.why, why.c_str(), sizeof a.why - 1);
    return say(a, fds, a.attached ? max_fds : a.loaded ? gtpfast_nports : 0);
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
    const bool is_answer = size == (ssize_t) sizeof a && !_answered && n == (a.attached ? (int) max_fds : a.loaded ? (int) gtpfast_nports : 0);
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
    const int none[gtpfast_nports] = {-1, -1, -1};
    k->adopt(_mode, fds, a.attached ? fds + gtpfast_nports : none, a.ifindex, a.is_native);
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
