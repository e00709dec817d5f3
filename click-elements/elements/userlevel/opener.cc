#include <click/config.h>
#include "opener.hh"
#include "startself.hh"
#include <click/vector.hh>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#ifndef AF_XDP
# define AF_XDP 44
#endif
CLICK_DECLS
namespace frameio {

namespace {
enum { patience_s = 2 };
struct Known {
    Vector<String> devices;
    int *maps[Opener::max_maps] = {};
    bool programs = false, greeted = false;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;       // a thread that makes a ring asks, too
};
Known &known() {
    static Known &k = *new Known;
    return k;
}
}

int Opener::_fd = -1;
bool Opener::_in_charge = false;

void Opener::note(const String &device, bool programs) {
    Known &k = known();
    k.programs |= programs;
    for (const String &d : k.devices)
        if (d == device) return;
    k.devices.push_back(device);
}

bool Opener::start(unsigned uid, unsigned gid) {
    Known &k = known();
    int ends[2];
    if (k.devices.empty() || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return false;
    int fds[1 + max_maps] = {ends[1]}, nmaps = 0;
    for (; nmaps < max_maps && k.maps[nmaps]; ++nmaps)
        fds[1 + nmaps] = *k.maps[nmaps];
    Vector<String> words;
    for (const String &s : {String("lclick"), String("--opener"), String(uid), String(gid), k.programs ? "programs+" + String(nmaps) : String("sockets")})
        words.push_back(s);
    for (const String &d : k.devices)
        words.push_back(d);
    const pid_t pid = start_self(words, fds, 1 + nmaps);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    struct timeval patience = {patience_s, 0};
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    _fd = ends[0];
    return _in_charge = true;
}

int Opener::send(int to, const void *data, size_t size, int fd) {
    struct iovec v = {const_cast<void *>(data), size};
    struct msghdr m = {};
    alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
    m.msg_iov = &v, m.msg_iovlen = 1;
    if (fd >= 0) {
        m.msg_control = control, m.msg_controllen = sizeof control;
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    ssize_t n = sendmsg(to, &m, MSG_NOSIGNAL);
    return n < 0 ? -errno : (int) n;
}

int Opener::receive(int from, void *data, size_t size, int *fd) {
    struct iovec v = {data, size};
    struct msghdr m = {};
    alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof *fd)] = {};
    m.msg_iov = &v, m.msg_iovlen = 1;
    m.msg_control = control, m.msg_controllen = sizeof control;
    *fd = -1;
    ssize_t n;
    do
        n = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    if (struct cmsghdr *c = CMSG_FIRSTHDR(&m))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof *fd))
            memcpy(fd, CMSG_DATA(c), sizeof *fd);
    return (int) n;
}

/** What came back with the answer, or -1; in @a result what it says. */
int Opener::ask(What what, const String &device, int detail, int fd, int *result) {
    Known &k = known();
    Request q = {what, 0, (uint32_t) detail};
    Answer a = {};
    int back = -1;
    while ((int) q.device < k.devices.size() && device && !(k.devices[(int) q.device] == device)) ++q.device;
    pthread_mutex_lock(&k.lock);
    bool good = _fd >= 0 && (k.greeted || (receive(_fd, &a, sizeof a, &back) == sizeof a && a.what == hello && (k.greeted = true)))
        && send(_fd, &q, sizeof q, fd) == sizeof q && receive(_fd, &a, sizeof a, &back) == sizeof a && a.what == what;
    if (!good && _fd >= 0) {        // it is gone, or nobody that we know
        close(_fd);
        _fd = -1;
    }
    pthread_mutex_unlock(&k.lock);
    if (!good && back >= 0) {
        close(back);
        back = -1;
    }
    *result = good ? a.result : -EPERM;
    return back;
}

int Opener::socket(int family) {
    int result, fd = ask(family == AF_XDP ? xdp_socket : packet_socket, String(), 0, -1, &result);
    return fd >= 0 ? fd : result < 0 ? result : -EPERM;
}

int Opener::bind(int fd, const String &device, int protocol) {
    int result;
    ask(bind_packet_socket, device, protocol, fd, &result);
    return result;
}

int Opener::bind_xdp(int fd, const String &device, int flags) {
    int result;
    ask(bind_xdp_socket, device, flags, fd, &result);
    return result;
}

int Opener::drop_ingress(const String &device) {
    int result, fd = ask(ingress_link, device, 0, -1, &result);
    return fd >= 0 ? fd : result < 0 ? result : -EPERM;
}

int Opener::keep(int *map, int *other) {
    Known &k = known();
    for (int i = 0; i + 1 < max_maps; i += 2)
        if (!k.maps[i] && !k.maps[i + 1]) {
            k.maps[i] = map, k.maps[i + 1] = other;
            return i;
        }
    return -1;
}

void Opener::forget(int *map) {
    for (int *&m : known().maps)
        if (m == map) m = nullptr;
}

void Opener::give_up_maps() {
    for (int *m : known().maps)
        if (m && *m >= 0) {
            close(*m);
            *m = -1;
        }
}

int Opener::attach(const String &device, int program, bpf::Hook hook, int map, int place) {
    int result, fd = ask(program_link, device, map << 8 | place << 4 | (int) hook, program, &result);
    return fd >= 0 ? fd : result < 0 ? result : -EPERM;
}

int Opener::redirect(const String &device, int socket, int *generic) {
    int result, fd = ask(xdp_link, device, 0, socket, &result);
    *generic = fd >= 0 ? result : 0;
    return fd >= 0 ? fd : result < 0 ? result : -EPERM;
}

}
CLICK_ENDDECLS
