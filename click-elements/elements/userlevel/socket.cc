#include <click/config.h>
#include "socket.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/standard/scheduleinfo.hh>
#include <errno.h>
#include <fcntl.h>
#include <initializer_list>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>
CLICK_DECLS

bool Socket::set_file(Address &a, socklen_t &length, const String &name, ErrorHandler *errh) {
    if (name.length() >= (int) sizeof a.un.sun_path) {
        errh->error("%s: file name too long for a Unix socket", name.c_str());
        return false;
    }
    a.un.sun_family = AF_UNIX;
    memcpy(a.un.sun_path, name.data(), name.length());
    length = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + name.length() + 1);
    return true;
}

int Socket::configure(Vector<String> &conf, ErrorHandler *errh) {
    String type, file, local_file, unused;
    IPAddress ip, local_ip;
    uint16_t port = 0, local_port = 0;
    bool has_client, has_local_port = false, proper = false, has_allow, has_deny;
    memset(&_remote, 0, sizeof _remote);
    memset(&_local, 0, sizeof _local);
    Args args(conf, this, errh);
    if (args.read_mp("TYPE", WordArg(), type).consume() < 0)
        return -1;
    type = type.upper();
    _stream = type == "TCP" || type == "UNIX", _unix = type == "UNIX" || type == "UNIX_DGRAM";
    if (type != "TCP" && type != "UDP" && !_unix)
        return errh->error("unknown socket type %<%s%>", type.c_str());
    if (_unix)
        args.read_mp("FILENAME", FilenameArg(), file).read_p("LOCALFILENAME", FilenameArg(), local_file).read_status(_has_local);
    else
        args.read_mp("ADDR", ip).read_mp("PORT", IPPortArg(type == "TCP" ? IPPROTO_TCP : IPPROTO_UDP), port).read_p("LOCALIP", local_ip).read_status(_has_local)
            .read_p("LOCALPORT", IPPortArg(type == "TCP" ? IPPROTO_TCP : IPPROTO_UDP), local_port).read_status(has_local_port).read("NODELAY", _nodelay);
    bool client = false;
    if (args.read("CLIENT", client).read_status(has_client).read("SNAPLEN", BoundedIntArg(1, 1 << 18), _snaplen).read("HEADROOM", BoundedIntArg(0, 65535), _headroom)
            .read("SNDBUF", BoundedIntArg(1, INT_MAX), _sndbuf).read("RCVBUF", BoundedIntArg(1, INT_MAX), _rcvbuf).read("TIMESTAMP", _timestamp).read("VERBOSE", _verbose)
            .read("PROPER", proper).read("ALLOW", AnyArg(), unused).read_status(has_allow).read("DENY", AnyArg(), unused).read_status(has_deny).complete() < 0)
        return -1;
    if (has_allow || has_deny)
        return errh->error("ALLOW and DENY are not implemented");
    _has_local |= has_local_port;
    _client = has_client ? client : _has_local || noutputs() == 0;
    _has_local &= _client;
    if (_unix)
        return set_file(_remote, _remote_length, file, errh) && (!_has_local || set_file(_local, _local_length, local_file, errh)) ? 0 : -1;
    _remote.in.sin_family = _local.in.sin_family = AF_INET;
    _remote.in.sin_addr = ip.in_addr(), _remote.in.sin_port = htons(port);
    _local.in.sin_addr = local_ip.in_addr(), _local.in.sin_port = htons(local_port);
    _remote_length = _local_length = sizeof(struct sockaddr_in);
    return 0;
}

// ---- Setting up

bool Socket::replace_stale_file(const Address &a, ErrorHandler *errh) {
    struct stat st;
    if (lstat(a.un.sun_path, &st) < 0)
        return true;
    if (!S_ISSOCK(st.st_mode)) {
        errh->error("%s: file exists and is not a socket", a.un.sun_path);
        return false;
    }
    int probe = socket(AF_UNIX, (_stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool stale = probe >= 0 && connect(probe, &a.any, sizeof a.un) < 0 && errno == ECONNREFUSED;
    if (probe >= 0)
        close(probe);
    if (stale)
        unlink(a.un.sun_path);
    return true;
}

int Socket::bind_to(int fd, const Address &a, socklen_t length, ErrorHandler *errh) {
    int on = 1;
    if (!_unix)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    else if (!replace_stale_file(a, errh))
        return -1;
    if (bind(fd, &a.any, length) < 0)
        return errh->error("bind: %s", strerror(errno));
    if (_unix)
        _bound_file = a.un.sun_path;
    return 0;
}

void Socket::prepare(int fd) {
    int on = 1;
    if (_stream && !_unix && _nodelay)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (_sndbuf > 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &_sndbuf, sizeof _sndbuf);
    if (_rcvbuf > 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &_rcvbuf, sizeof _rcvbuf);
}

int Socket::initialize(ErrorHandler *errh) {
    if (ninputs() && input_is_pull(0)) {
        ScheduleInfo::initialize_task(this, &_task, false, errh);
        _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    }
    int fd = socket(_unix ? AF_UNIX : AF_INET, (_stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return errh->error("socket: %s", strerror(errno));
    (_stream && !_client ? _listen : _fd) = fd;
    prepare(fd);
    if (!_client) {
        if (bind_to(fd, _remote, _remote_length, errh) < 0)
            return -1;
        if (_stream && listen(fd, 2) < 0)
            return errh->error("listen: %s", strerror(errno));
        if (_stream) {
            add_select(_listen, SELECT_READ);
            return 0;
        }
    } else {
        if (_has_local && bind_to(fd, _local, _local_length, errh) < 0)
            return -1;
        if (_stream && connect(fd, &_remote.any, _remote_length) < 0) {
            if (errno != EINPROGRESS)
                return errh->error("connect: %s", strerror(errno));
            _connecting = true;
            add_select(fd, SELECT_WRITE);
            return 0;
        }
        _known = true;
    }
    use(fd);
    return 0;
}

void Socket::cleanup(CleanupStage) {
    for (int *fd : {&_listen, &_fd})
        if (*fd >= 0) {
            close(*fd);
            *fd = -1;
        }
    if (_bound_file)
        unlink(_bound_file.c_str());
    _bound_file = String();
    if (_waiting)
        _waiting->kill();
    _waiting = nullptr;
}

/** Speak over @a fd from now on. */
void Socket::use(int fd) {
    _fd = fd;
    add_select(fd, SELECT_READ);
    if (ninputs() && input_is_pull(0))
        _task.reschedule();
}

void Socket::accept_client() {
    Address a;
    socklen_t length = sizeof a;
    int fd = accept4(_listen, &a.any, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    if (_verbose)
        click_chatter("%s: opened connection %d from %s", declaration().c_str(), fd, _unix ? "a local process" : IPAddress(a.in.sin_addr).unparse().c_str());
    remove_select(_listen, SELECT_READ);      // the others wait until this one has gone
    prepare(fd);
    use(fd);
}

void Socket::hang_up(const char *why) {
    if (_verbose || (why && _client))
        click_chatter("%s: closed connection %d%s%s", declaration().c_str(), _fd, why ? ": " : "", why ? why : "");
    remove_select(_fd, SELECT_READ | SELECT_WRITE);
    close(_fd);
    _fd = -1;
    _connecting = false;
    if (_waiting) {
        _waiting->kill();                     // perhaps a part of it only was sent: that is of use to nobody
        _waiting = nullptr;
        ++_drops;
    }
    if (_listen >= 0)
        add_select(_listen, SELECT_READ);
}

// ---- Receiving

void Socket::selected(int fd, int mask) {
    if (fd == _listen)
        return _fd < 0 ? accept_client() : void();
    if (fd != _fd)
        return;
    if (_connecting) {
        int error = 0;
        socklen_t length = sizeof error;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error)
            return hang_up(strerror(error));
        _connecting = false;
        remove_select(fd, SELECT_WRITE);
        use(fd);
    }
    if (mask & SELECT_WRITE) {
        remove_select(fd, SELECT_WRITE);
        if (flush() != failed && ninputs() && input_is_pull(0))
            _task.reschedule();
    }
    if ((mask & SELECT_READ) && _fd >= 0)
        receive();
}

void Socket::receive() {
    BatchBuilder got;
    const char *why = nullptr;
    bool over = false;
    while (got.count() < burst) {
        WritablePacket *p = Packet::make(_headroom, nullptr, _snaplen, 0);
        if (!p)
            break;
        Address from;
        socklen_t length = sizeof from;
        ssize_t n = recvfrom(_fd, p->data(), p->length(), 0, &from.any, &length);
        if (n < 0 || (n == 0 && _stream)) {
            p->kill();
            over = n == 0 || (_stream && errno != EAGAIN && errno != EINTR);
            why = n < 0 ? strerror(errno) : nullptr;
            break;
        }
        if (!_stream && !_client && (_known = length > offsetof(struct sockaddr_un, sun_path)))
            _remote = from, _remote_length = length;
        p->take(p->length() - (uint32_t) n);
        got.append(p);
    }
    if (PacketBatch *b = got.finish()) {
        if (_timestamp) {
            Timestamp now = Timestamp::now();
            FOR_EACH_PACKET(b, p) p->timestamp_anno() = now;
        }
        checked_output_push_batch(0, b);
    }
    if (over && _fd >= 0)
        hang_up(why);
}

// ---- Sending

/** Send @a p, which is null afterwards unless the socket takes no more. */
Socket::Sent Socket::send(Packet *&p) {
    while (_fd >= 0 && !_connecting) {
        ssize_t n;
        if (_stream)
            n = p->length() ? ::send(_fd, p->data(), p->length(), MSG_NOSIGNAL) : 0;
        else {
            Address to = _remote;
            if (_client && !_unix && !_remote.in.sin_addr.s_addr)
                to.in.sin_addr = p->dst_ip_anno().in_addr();
            if (!_client && !_known)
                break;
            n = sendto(_fd, p->data(), p->length(), MSG_NOSIGNAL, &to.any, _remote_length);
        }
        if (n >= 0 && (!_stream || (uint32_t) n == p->length())) {
            p->kill();
            p = nullptr;
            return sent;
        }
        if (n >= 0)
            p->pull((uint32_t) n);
        else if (errno == EAGAIN || errno == ENOBUFS)
            return full;
        else if (errno != EINTR) {
            int e = errno;
            p->kill();
            p = nullptr;
            ++_drops;
            if (_stream) hang_up(strerror(e));
            return failed;
        }
    }
    if (_connecting)
        return full;
    p->kill();
    p = nullptr;
    ++_drops;
    return failed;
}

/** Send what waits. */
Socket::Sent Socket::flush() {
    if (!_waiting)
        return sent;
    Packet *p = _waiting;
    _waiting = nullptr;
    Sent s = send(p);
    if (s == full) {
        _waiting = p;
        add_select(_fd, SELECT_WRITE);
    }
    return s;
}

void Socket::push(int, Packet *p) {
    if (_waiting && flush() == full) {
        struct pollfd wait = {_fd, POLLOUT, 0};
        poll(&wait, 1, 100);
        if (flush() == full) {
            ++_drops;
            p->kill();
            return;
        }
    }
    _waiting = p;
    flush();
}

bool Socket::run_task(Task *) {
    if (_fd < 0 || _connecting || _waiting)
        return false;           // the task runs again when there is somebody, or when there is room
    int n = 0;
    for (; n < burst && !_waiting && _fd >= 0; ++n) {
        if (!(_waiting = input(0).pull()))
            break;
        flush();
    }
    if (!_waiting && (n == burst || _signal))
        _task.fast_reschedule();
    return n;
}

void Socket::add_handlers() {
    add_data_handlers("drops", Handler::f_read, &_drops);
    if (ninputs() && input_is_pull(0))
        add_task_handlers(&_task);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(userlevel)
EXPORT_ELEMENT(Socket)
