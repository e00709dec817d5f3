#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "controlsocket.hh"
#include <click/master.hh>
#include <click/router.hh>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
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
    return args.read("READONLY", _read_only).complete();
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
        if (bind(_listen, (struct sockaddr *) &sa, sizeof sa) == 0 && listen(_listen, 16) == 0)
            return 0;
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
    if (predecessor())
        return 0;
    if (_fd >= 0)
        return use_descriptor(errh);
    if ((_unix ? listen_unix(errh) : listen_tcp(errh)) < 0)
        return -1;
    if (listen(_listen, 16) < 0)
        return errh->error("listen: %s", strerror(errno));
    return add_select(_listen, SELECT_READ);
}

void ControlSocket::take_state(Element *, ErrorHandler *) {
    ControlSocket *old = predecessor();
    if (!old)
        return;
    std::swap(_listen, old->_listen);
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

void ControlSocket::serve(int fd) {
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
        bool alive = !(mask & SELECT_READ) || c.closing || receive(c);
        while (!c.closing && c.out.length() - c.out_done < max_pending && step(c)) {}
        alive = flush(c) && alive;
        if (!alive || (c.closing && c.out_done == c.out.length()))
            close_connection(i);
        return;
    }
}

/** False at the end of the stream or when the peer sends without measure. */
bool ControlSocket::receive(Connection &c) {
    char buffer[65536];
    for (int round = 0; round < 16; ++round) {
        ssize_t n = read(c.fd, buffer, sizeof buffer);
        if (n > 0)
            c.in.append(buffer, (int) n);
        else if (n == 0)
            return false;
        else
            return errno == EAGAIN || errno == EINTR;
        if (c.in.length() > max_data + max_line)
            return false;
    }
    return true;
}

bool ControlSocket::flush(Connection &c) {
    while (c.out_done < c.out.length()) {
        ssize_t n = send(c.fd, c.out.data() + c.out_done, c.out.length() - c.out_done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (errno != EAGAIN)
                return false;
            add_select(c.fd, SELECT_WRITE);
            return true;
        }
        c.out_done += (int) n;
    }
    c.out.clear();
    c.out_done = 0;
    if (!c.closing)
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
        } else if (c.lines.length() + whole.length() > max_data) {
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

void ControlSocket::say(Connection &c, int code, const String &text) {
    c.out += String(code) + " " + text + "\r\n";
}

void ControlSocket::say_lines(Connection &c, int code, const String &text, const Vector<String> &lines) {
    c.out += String(code) + (lines.empty() ? " " : "-") + text + "\r\n";
    for (int i = 0; i < lines.size(); ++i)
        c.out += String(code) + (i + 1 < lines.size() ? "-" : " ") + lines[i] + "\r\n";
}

void ControlSocket::command(Connection &c, const String &line) {
    String rest = line, word = cp_shift_spacevec(rest);
    if (!word)
        return;
    String verb = word.upper();
    Vector<String> args;
    cp_spacevec(rest, args);
    auto wrong = [&] { say(c, 500, "Wrong number of arguments"); };
    if (verb == "READ" || verb == "GET" || verb == "WRITE" || verb == "SET") {
        if (args.empty())
            return wrong();
        String value = rest, hname = cp_shift_spacevec(value);
        if (verb == "READ" || verb == "GET")
            read_handler(c, hname, value);
        else
            write_handler(c, hname, value);
    } else if (verb == "READDATA" || verb == "WRITEDATA" || verb == "SETDATA") {
        if (args.size() != 2)
            return wrong();
        int n;
        if (!cp_integer(args[1], &n) || n < 0)
            return say(c, 500, "Syntax error in '" + verb.lower() + "'");
        if (n > max_data) {
            say(c, 521, "Data too big");
            c.closing = true;       // the data that follow cannot be told from commands
            return;
        }
        c.pending = (verb == "READDATA" ? "R" : "W") + args[0];
        c.want = n;
    } else if (verb == "READUNTIL" || verb == "WRITEUNTIL" || verb == "SETUNTIL") {
        if (args.empty() || args.size() > 2)
            return wrong();
        c.pending = (verb == "READUNTIL" ? "R" : "W") + args[0];
        c.until = true;
        c.terminator = args.size() > 1 ? args[1] : String();
        c.lines.clear();
    } else if (verb == "CHECKREAD" || verb == "CHECKWRITE") {
        if (args.size() != 1)
            return wrong();
        check(c, args[0], verb == "CHECKWRITE");
    } else if (verb == "HELP")
        help(c);
    else if (verb == "QUIT" || verb == "CLOSE") {
        if (!args.empty())
            return wrong();
        say(c, 200, "Goodbye!");
        c.closing = true;
    } else
        say(c, 501, "Command '" + word + "' unimplemented");
}

void ControlSocket::with_data(Connection &c, const String &data) {
    String hname = c.pending.substring(1);
    bool read = c.pending[0] == 'R';
    c.pending.clear();
    if (read)
        read_handler(c, hname, data);
    else
        write_handler(c, hname, data);
}

/** ELEMENT.HANDLER, INDEX.HANDLER (from 1) or, for the global ones, HANDLER, .HANDLER and 0.HANDLER. */
const Handler *ControlSocket::find(Connection &c, const String &hname, Element *&e) {
    int dot = hname.find_left('.');
    String ename = hname.substring(0, dot < 0 ? 0 : dot), name = hname.substring(dot + 1);
    int index;
    e = nullptr;
    if (!ename)
        e = router()->root_element();
    else if (cp_integer(ename, &index)) {
        e = index == 0 ? router()->root_element() : index > 0 ? router()->element(index - 1) : nullptr;
        if (!e) {
            say(c, 510, "No element number '" + ename + "'");
            return nullptr;
        }
    } else if (!(e = router()->find(ename))) {
        say(c, 510, "No element named '" + ename + "'");
        return nullptr;
    }
    const Handler *h = Router::handler(e, name);
    if (!h || !h->visible()) {
        say(c, 511, "No handler named '" + hname + "'");
        return nullptr;
    }
    return h;
}

namespace {
/** Keeps the other threads out while a handler runs that does not say that it can do without. */
class Exclusive { public:
    Exclusive(const Handler *h, Master *m) : _m(h->flags() & Handler::f_nonexclusive ? nullptr : m) { if (_m) _m->block_others(); }
    ~Exclusive() { if (_m) _m->unblock_others(); }
  private:
    Master *_m;
};
}

void ControlSocket::read_handler(Connection &c, const String &hname, const String &param) {
    Element *e;
    const Handler *h = find(c, hname, e);
    if (!h)
        return;
    if (!h->read_visible())
        return say(c, 530, "Handler '" + hname + "' write-only");
    Exclusive exclusive(h, router()->master());
    BufferErrorHandler errh;
    String value = h->call_read(e, param, &errh);
    if (errh.nerrors())
        return say_lines(c, 520, "Read handler '" + hname + "' error:", errh.lines());
    if (errh.lines().size())
        say_lines(c, 220, "Read handler '" + hname + "' OK with warnings:", errh.lines());
    else
        say(c, 200, "Read handler '" + hname + "' OK");
    c.out += "DATA " + String(value.length()) + "\r\n" + value;
}

void ControlSocket::write_handler(Connection &c, const String &hname, const String &value) {
    Element *e;
    const Handler *h = find(c, hname, e);
    if (!h)
        return;
    if (!h->write_visible())
        return say(c, 530, "Handler '" + hname + "' read-only");
    if (_read_only)
        return say(c, 530, "Permission denied for '" + hname + "'");
    Exclusive exclusive(h, router()->master());
    BufferErrorHandler errh;
    int r = h->call_write(value, e, &errh);
    if (r < 0)
        say_lines(c, 520, "Write handler '" + hname + "' error" + (errh.lines().empty() ? "" : ":"), errh.lines());
    else if (errh.lines().size())
        say_lines(c, 220, "Write handler '" + hname + "' OK with warnings:", errh.lines());
    else
        say(c, 200, "Write handler '" + hname + "' OK");
}

void ControlSocket::check(Connection &c, const String &hname, bool write) {
    Element *e;
    const Handler *h = find(c, hname, e);
    if (!h)
        return;
    if (write ? !h->write_visible() : !h->read_visible())
        say(c, 511, "Handler '" + hname + (write ? "' not writable" : "' not readable"));
    else if (write && _read_only)
        say(c, 530, "Permission denied for '" + hname + "'");
    else
        say(c, 200, String(write ? "Write" : "Read") + " handler '" + hname + "' OK");
}

void ControlSocket::help(Connection &c) {
    static const char *const lines[] = {
        "READ handler [arg...]       read a handler, return its value as DATA",
        "READDATA handler len        the same, the argument follows as len bytes",
        "READUNTIL handler [term]    the same, the argument is the lines up to term",
        "WRITE handler [arg...]      write a handler",
        "WRITEDATA handler len       the same, the value follows as len bytes",
        "WRITEUNTIL handler [term]   the same, the value is the lines up to term",
        "CHECKREAD handler           say whether a handler can be read",
        "CHECKWRITE handler          say whether a handler can be written",
        "HELP                        this",
        "QUIT                        close the connection"};
    Vector<String> v;
    for (const char *l : lines)
        v.push_back(l);
    say_lines(c, 200, "Commands supported:", v);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ControlSocket)
