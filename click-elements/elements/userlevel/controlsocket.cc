#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "controlsocket.hh"
#include <click/master.hh>
#include <click/router.hh>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
CLICK_DECLS

const char ControlSocket::protocol_version[] = "1.3";

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

String ControlSocket::address(Element *e, void *data) {
    ControlSocket *c = static_cast<ControlSocket *>(e);
    return data ? c->_path : c->_listen >= 0 && !c->_unix && c->_bound_port >= 0 ? String(c->_bound_port) : String();
}

void ControlSocket::add_handlers() {
    add_read_handler("port", address, 0);
    add_read_handler("filename", address, 1);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ControlSocket)
