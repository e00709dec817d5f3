// ControlSocket: who is connected, what they send and what is sent to them.
#include <click/config.h>
#include "controlsocket.hh"
#include <click/master.hh>
#include <click/router.hh>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
CLICK_DECLS

/** A value that is made bit by bit takes a quarter of the time: so much every so often, and more where the driver slept meanwhile. */
enum { read_every_us = 400, read_share = 4, shortest_read_us = 100, longest_read_us = 400 };

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
        if (alive && !c.reading && (c.busy() || c.out.length() || c.in.length()))
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
