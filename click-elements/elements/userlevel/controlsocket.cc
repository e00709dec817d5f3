#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "controlsocket.hh"
#include <click/master.hh>
#include <click/router.hh>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
CLICK_DECLS

const char ControlSocket::protocol_version[] = "1.3";

/** A value that is made bit by bit takes a quarter of the time: so much every so often, and more where the driver slept meanwhile. */
enum { read_every_us = 400, read_share = 4, shortest_read_us = 100, longest_read_us = 400 };

int ControlSocket::configure(Vector<String> &conf, ErrorHandler *errh) {
    String type;
    Args args(conf, this, errh);
    if (args.read_mp("TYPE", WordArg(), type).consume() < 0)
        return -1;
    type = type.upper();
    if (type == "UNIX")
        _unix = true, args.read_mp("FILENAME", FilenameArg(), _path);
    else if (type == "TCP") {
        String port;
        if (args.read_mp("PORT", WordArg(), port).read("LOCALHOST", _localhost).consume() < 0)
            return -1;
        if (port && port.back() == '+')
            _plus = true, port = port.substring(0, port.length() - 1);
        if (!cp_integer(port, &_port) || _port < 0 || _port > 65535)
            return errh->error("bad TCP port");
    } else if (type == "SOCKET")
        args.read_mp("FD", _fd);
    else
        return errh->error("unknown socket type %<%s%>, expected TCP, UNIX or SOCKET", type.c_str());
    if (args.read("READONLY", _read_only).read("VERBOSE", _verbose).consume() < 0)
        return -1;
    if (type != "SOCKET" && args.read("RETRIES", BoundedIntArg(0, 0x7FFFFFFF), _retries).read("RETRY_WARNINGS", _retry_warnings).consume() < 0)
        return -1;
    return args.complete();
}

int ControlSocket::listen_unix(ErrorHandler *errh) {
    struct sockaddr_un sa = {};
    sa.sun_family = AF_UNIX;
    if (_path.length() >= (int) sizeof sa.sun_path)
        return errh->error("%s: file name too long for a Unix socket", _path.c_str());
    memcpy(sa.sun_path, _path.data(), _path.length());
    struct stat st;
    if (lstat(_path.c_str(), &st) == 0) {
        if (!S_ISSOCK(st.st_mode))
            return errh->error("%s: file exists and is not a socket", _path.c_str());
        int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        bool live = probe >= 0 && (connect(probe, (struct sockaddr *) &sa, sizeof sa) == 0 || errno == EAGAIN);
        if (probe >= 0) close(probe);
        if (live)
            return errh->error("%s: another process is listening here", _path.c_str());
        unlink(_path.c_str());
    }
    _listen = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t old = umask(0177);       // mode 0600 from the first moment
    int r = _listen < 0 ? -1 : bind(_listen, (struct sockaddr *) &sa, sizeof sa);
    int e = errno;
    umask(old);
    return r < 0 ? errh->error("%s: %s", _path.c_str(), strerror(e)) : 0;
}

int ControlSocket::listen_tcp(ErrorHandler *errh) {
    for (int port = _port; ; ++port) {
        _listen = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (_listen < 0)
            return errh->error("socket: %s", strerror(errno));
        int on = 1;
        setsockopt(_listen, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        struct sockaddr_in sa = {};
        sa.sin_family = AF_INET, sa.sin_port = htons(port), sa.sin_addr.s_addr = htonl(_localhost ? INADDR_LOOPBACK : INADDR_ANY);
        if (bind(_listen, (struct sockaddr *) &sa, sizeof sa) == 0 && listen(_listen, 16) == 0) {
            socklen_t len = sizeof sa;
            _bound_port = getsockname(_listen, (struct sockaddr *) &sa, &len) == 0 ? ntohs(sa.sin_port) : port;
            return 0;
        }
        int e = errno;
        close(_listen);
        _listen = -1;
        if (e != EADDRINUSE || !_plus || port == 65535)
            return errh->error("port %d: %s", port, strerror(e));
    }
}

/** A descriptor that we were started with: a connection, or a socket that listens. */
int ControlSocket::use_descriptor(ErrorHandler *errh) {
    int listening = 0, fd = fcntl(_fd, F_DUPFD_CLOEXEC, 3);
    socklen_t len = sizeof listening;
    if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) < 0) {
        int e = errno;
        if (fd >= 0) close(fd);
        return errh->error("descriptor %d: %s", _fd, strerror(e));
    }
    if (_fd > 2)
        close(_fd);             // or its other end would not see us hang up
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    if (!listening)
        serve(fd);
    else
        _listen = fd, add_select(fd, SELECT_READ);
    return 0;
}

ControlSocket *ControlSocket::predecessor() const {
    ControlSocket *old = static_cast<ControlSocket *>(hotswap_element());
    return old && old->_unix == _unix && old->_fd == _fd && old->_path == _path && old->_port == _port && old->_localhost == _localhost ? old : nullptr;
}

int ControlSocket::initialize(ErrorHandler *errh) {
    _read_on.initialize(this);
    if (predecessor())
        return 0;
    if (_fd >= 0)
        return use_descriptor(errh);
    _retry.initialize(this);
    return _retries ? attempt(errh) : open(errh);
}

int ControlSocket::open(ErrorHandler *errh) {
    int r = _unix ? listen_unix(errh) : listen_tcp(errh);
    if (r >= 0 && listen(_listen, 16) < 0)
        r = errh->error("listen: %s", strerror(errno));
    if (r >= 0)
        return add_select(_listen, SELECT_READ);
    if (_listen >= 0)
        close(_listen);
    _listen = -1;
    return r;
}

int ControlSocket::attempt(ErrorHandler *errh) {
    BufferErrorHandler words;
    if (open(&words) >= 0)
        return 0;
    if (_retry_warnings)
        errh->warning("%s; %d %s left", words.lines()[0].c_str(), _retries, _retries == 1 ? "try" : "tries");
    _retry.schedule_after_sec(1);
    return 0;
}

void ControlSocket::run_timer(Timer *t) {
    if (t == &_read_on)
        return read_on();
    PrefixErrorHandler errh(ErrorHandler::default_handler(), declaration() + ": ");
    if (--_retries > 0)
        attempt(&errh);
    else if (open(&errh) < 0)
        router()->please_stop_driver();
}

void ControlSocket::take_state(Element *, ErrorHandler *) {
    ControlSocket *old = predecessor();
    if (!old)
        return;
    std::swap(_listen, old->_listen);
    _bound_port = old->_bound_port;
    if (_listen < 0 && _fd < 0) {           // it had no luck so far
        _retries = old->_retries;
        _retry.initialize(this);
        _retry.schedule_after_sec(1);
    }
    _connections.swap(old->_connections);
    if (_listen >= 0) {
        old->remove_select(_listen, SELECT_READ);
        add_select(_listen, SELECT_READ);
    }
    for (Connection *c : _connections) {
        old->remove_select(c->fd, SELECT_READ | SELECT_WRITE);
        add_select(c->fd, SELECT_READ);
        if (c->out.length())
            add_select(c->fd, SELECT_WRITE);
        if (!c->reading)
            continue;
        // It was of an element that goes: the new one is asked.
        c->stop_reading();
        c->pieces.clear();
        c->in = "READ " + c->asked + "\r\n" + c->in;
        _read_on.schedule_now();
    }
}

void ControlSocket::cleanup(CleanupStage) {
    while (!_connections.empty()) {
        flush(*_connections[0]);
        close_connection(0);
    }
    if (_listen >= 0) {
        remove_select(_listen, SELECT_READ);
        close(_listen);
        if (_unix)
            unlink(_path.c_str());
        _listen = -1;
    }
}

void ControlSocket::accept_connections() {
    int fd;
    while ((fd = accept4(_listen, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (_connections.size() >= max_connections) {
            close(fd);
            continue;
        }
        serve(fd);
    }
}

/** When a process is killed the kernel closes its descriptors from the highest down, and takes tens of milliseconds for packet sockets and
    programs on devices. Who is connected shall know of the end before that. The same descriptor with a higher number, if that can be had. */
static int closed_early(int fd) {
    enum { above_others = 256 };
    const int high = fcntl(fd, F_DUPFD_CLOEXEC, above_others);
    if (high < 0)
        return fd;
    close(fd);
    return high;
}

void ControlSocket::serve(int fd) {
    fd = closed_early(fd);
    if (_verbose)
        click_chatter("%s: opened control connection %d", declaration().c_str(), fd);
    Connection *c = new Connection;
    c->fd = fd;
    c->out = String("Click::ControlSocket/") + protocol_version + "\r\n";
    _connections.push_back(c);
    add_select(fd, SELECT_READ);
    if (!flush(*c))
        close_connection(_connections.size() - 1);
}

void ControlSocket::close_connection(int i) {
    Connection *c = _connections[i];
    if (_verbose)
        click_chatter("%s: closed control connection %d", declaration().c_str(), c->fd);
    remove_select(c->fd, SELECT_READ | SELECT_WRITE);
    close(c->fd);
    delete c;
    _connections.erase(_connections.begin() + i);
}

void ControlSocket::selected(int fd, int mask) {
    if (fd == _listen) {
        accept_connections();
        return;
    }
    for (int i = 0; i < _connections.size(); ++i) {
        Connection &c = *_connections[i];
        if (c.fd != fd)
            continue;
        bool alive = !(mask & SELECT_READ) || c.closing || c.ended || receive(c);
        if (!serve(c) || !alive)
            close_connection(i);
        return;
    }
}

bool ControlSocket::serve(Connection &c) {
    bool on;
    do {
        while (!c.closing && !c.busy() && c.out.length() - c.out_done < max_pending && step(c)) {}
        if (!flush(c))
            return false;
        // What waited for the end of an answer has come already: nothing else will call for it.
        on = !c.closing && !c.busy() && !c.out.length() && c.in.length() && step(c);
    } while (on);
    return !(c.closing || c.ended) || c.busy() || c.out.length();
}

void ControlSocket::begin_reading(Connection &c, const Handler *h, const String &hname, GradualRead *reading) {
    c.reading = reading, c.handler = h, c.asked = hname;
    c.pieces.clear();
    c.next_piece = 0, c.length = 0;
    read_on(c, Timestamp::make_usec(0, shortest_read_us));
    if (c.reading && !_read_on.scheduled()) {
        _last_read = Timestamp::now_steady();
        _read_on.schedule_after(Timestamp::make_usec(0, read_every_us));
    }
}

/** Will nobody take what is sent? One that has ended may wait still. */
bool ControlSocket::has_gone(const Connection &c) {
    struct pollfd p = {c.fd, 0, 0};
    return poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR);
}

/** Some more of one value, one after the other where several are asked for. */
void ControlSocket::read_on() {
    const Timestamp now = Timestamp::now_steady(), share = Timestamp::make_nsec((now - _last_read).nsecval() / read_share);
    const Timestamp least = Timestamp::make_usec(0, shortest_read_us), most = Timestamp::make_usec(0, longest_read_us);
    bool more = false, done = false;
    for (int i = 0; i < _connections.size(); ++i) {
        Connection &c = *_connections[i];
        bool alive = true;
        if (c.reading && !done) {
            alive = !c.ended || !has_gone(c);
            read_on(c, share < least ? least : share > most ? most : share);
            done = true;
        }
        // What is whole goes out; and after a hot swap it may have to be asked for first.
        if (alive && !c.reading && (c.busy() || c.in.length()))
            alive = serve(c);
        if (alive)
            more |= c.reading != nullptr;
        else
            close_connection(i--);
    }
    _last_read = Timestamp::now_steady();
    if (more)
        _read_on.schedule_after(Timestamp::make_usec(0, read_every_us));
}

String ControlSocket::address(Element *e, void *data) {
    ControlSocket *c = static_cast<ControlSocket *>(e);
    return data ? c->_path : c->_listen >= 0 && !c->_unix && c->_bound_port >= 0 ? String(c->_bound_port) : String();
}

void ControlSocket::add_handlers() {
    add_read_handler("port", address, 0);
    add_read_handler("filename", address, 1);
}

/** False when the peer sends without measure, or cannot be read from. */
bool ControlSocket::receive(Connection &c) {
    char buffer[65536];
    for (int round = 0; round < 16; ++round) {
        ssize_t n = read(c.fd, buffer, sizeof buffer);
        if (n > 0)
            c.in.append(buffer, (int) n);
        else if (n == 0) {
            c.ended = true;
            remove_select(c.fd, SELECT_READ);
            return true;
        } else
            return errno == EAGAIN || errno == EINTR;
        if (c.in.length() > most_data() + max_line)
            return false;
    }
    return true;
}

bool ControlSocket::flush(Connection &c) {
    int sent = 0;
    while (true) {
        if (c.out_done == c.out.length()) {
            if (c.reading || c.next_piece == c.pieces.size())
                break;
            c.out = c.pieces[c.next_piece], c.out_done = 0;
            c.pieces[c.next_piece++].clear();
            continue;
        }
        if (sent >= max_sent) {             // packets are waiting, too
            add_select(c.fd, SELECT_WRITE);
            return true;
        }
        ssize_t n = send(c.fd, c.out.data() + c.out_done, c.out.length() - c.out_done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (errno != EAGAIN)
                return false;
            add_select(c.fd, SELECT_WRITE);
            return true;
        }
        c.out_done += (int) n, sent += (int) n;
    }
    c.out.clear();
    c.out_done = 0;
    if (!c.closing && !c.ended)
        add_select(c.fd, SELECT_READ);
    remove_select(c.fd, SELECT_WRITE);
    return true;
}

bool ControlSocket::step(Connection &c) {
    if (c.want >= 0) {
        if (c.in.length() < c.want)
            return false;
        String data(c.in.data(), c.want);
        c.in = c.in.substring(c.want, c.in.length());
        c.want = -1;
        with_data(c, data);
        return true;
    }
    // A line ends with CR, LF or CRLF. A CR that is the last byte so far may be half of a CRLF.
    int n = 0;
    while (n < c.in.length() && c.in[n] != '\n' && c.in[n] != '\r') ++n;
    if (n == c.in.length()) {
        if (n > max_line && !c.until) {
            say(c, 500, "Line too long");
            c.closing = true;
        }
        return false;
    }
    int end = n + 1;
    if (c.in[n] == '\r' && end < c.in.length() && c.in[end] == '\n')
        ++end;
    else if (c.in[n] == '\r' && end == c.in.length()) {
        char peek;     // wait only if more is known to come
        if (recv(c.fd, &peek, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && peek == '\n')
            return false;
    }
    String line(c.in.data(), n), whole(c.in.data(), end);
    c.in = c.in.substring(end, c.in.length());
    if (c.until) {
        if (line == c.terminator) {
            c.until = false;
            String data = c.lines;
            c.lines.clear();
            with_data(c, data);
        } else if (c.lines.length() + whole.length() > most_data()) {
            c.until = false;
            c.lines.clear();
            say(c, 521, "Data too big");
            c.closing = true;
        } else
            c.lines += whole;
        return true;
    }
    command(c, line);
    return true;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ControlSocket)
