#include <click/config.h>
#include "xdpio.hh"
#include "xdpport.hh"
#include <click/error.hh>
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
CLICK_DECLS
namespace frameio {

int XdpReceiver::open(const Options &o, ErrorHandler *errh) {
    if (o.outbound)
        return errh->error("OUTBOUND needs METHOD LINUX or PACKET_MMAP: AF_XDP does not see what the kernel sends");
    if (!(_port = XdpPort::get(o, errh)))
        return -1;
    if (_port->attach(o, errh) < 0)
        return -1;
    _router = o.router;
    _headroom = o.headroom, _protocol = o.protocol;
    _told = _port->drops();
    // Of its own, since poll()'s list is by descriptor: hot swap has two elements at one port.
    _fd = fcntl(_port->fd(), F_DUPFD_CLOEXEC, 0);
    if (_fd < 0)
        return errh->error("%s: %s", o.device.c_str(), strerror(errno));
    // An AF_XDP socket does not tell that the device went; a packet socket does, if it waits for some protocol. Nobody uses this one.
    if ((_watch = open_socket(o, errh)) < 0 || bind_socket(_watch, o, 0xFFFF, errh) < 0 || set_promiscuous(_watch, o, errh) < 0)
        return -1;
    return 0;
}

XdpReceiver::~XdpReceiver() {
    close_fd();
    if (_port) {
        if (_router)
            _port->detach(_router);
        _port->put();
    }
}

void XdpReceiver::move_to(const Router *router, Tally &t) {
    _port->move_reader(_router, router);
    _router = router, _tally = &t;
}

uint64_t XdpReceiver::kernel_drops() {
    if (!_port)
        return 0;
    uint64_t now = _port->drops(), since = now - _told;
    _told = now;
    return since;
}

String XdpReceiver::describe() const { return _port->describe(); }

int XdpReceiver::receive(int max, BatchBuilder &out) {
    XdpPort &port = *_port;
    uint32_t n = port.rx.filled(), room = port.fill.room();
    if (n > (uint32_t) max) n = (uint32_t) max;
    if (n > room) n = room;
    for (uint32_t i = 0; i < n; ++i) {
        const struct xdp_desc d = port.rx[port.rx.mine++];
        const unsigned char *data = port.frame(d.addr);
        WritablePacket *p = nullptr;
        if (likely(d.len >= 14 && d.addr + d.len <= port.memory_size() && (p = Packet::make_pooled(_headroom)))) {
            if (unlikely(p->tailroom() < d.len)) {
                p->kill();
                p = Packet::make(_headroom, nullptr, d.len, 0);
                if (p) memcpy(p->data(), data, d.len);
            } else {
                memcpy(p->data(), data, d.len);
                p = p->put(d.len);
            }
        }
        port.fill[port.fill.mine++] = d.addr & ~uint64_t(port.chunk() - 1);
        if (!p)
            ++_tally->oversize;
        else if (_protocol && (p->data()[12] << 8 | p->data()[13]) != _protocol)
            p->kill();
        else {
            offload::complete_if_partial(p);
            out.append(p);
        }
    }
    if (n) {
        port.rx.consume();
        port.fill.produce();
        if (port.zero_copy() && (__atomic_load_n(port.fill.flags, __ATOMIC_RELAXED) & XDP_RING_NEED_WAKEUP))
            recvfrom(_fd, nullptr, 0, MSG_DONTWAIT, nullptr, nullptr);
    }
    return (int) n;
}

// ---- Sending

int XdpSender::open(const Options &o, ErrorHandler *errh) {
    if (!(_port = XdpPort::get(o, errh)))
        return -1;
    _fd = fcntl(_port->fd(), F_DUPFD_CLOEXEC, 0);
    if (_fd < 0)
        return errh->error("%s: %s", o.device.c_str(), strerror(errno));
    _limit.set(o);
    return 0;
}

XdpSender::~XdpSender() {
    close_fd();
    if (_port) _port->put();
}

String XdpSender::describe() const { return _port->describe(); }

/** Have the kernel send what is queued, which it does a budget's worth at a call. */
int XdpSender::kick() {
    XdpPort &port = *_port;
    uint32_t queued = port.tx.mask + 1 - port.tx.room();
    _trouble = false;
    while (queued && (!port.zero_copy() || (__atomic_load_n(port.tx.flags, __ATOMIC_RELAXED) & XDP_RING_NEED_WAKEUP))) {
        if (sendto(_fd, nullptr, 0, MSG_DONTWAIT, nullptr, 0) < 0 && errno != EAGAIN && errno != EBUSY && errno != ENOBUFS) {
            _trouble = device_trouble(errno);
            return _trouble ? -errno : 0;
        }
        uint32_t left = port.tx.mask + 1 - port.tx.room();
        if (left == queued) break;
        queued = left;
    }
    return 0;
}

bool XdpSender::behind() {
    _port->send_lock.acquire();
    const bool any = _port->tx.room() <= _port->tx.mask;
    _port->send_lock.release();
    return any;
}

int XdpSender::send(Packet *const *packets, int n) {
    XdpPort &port = *_port;
    port.send_lock.acquire();
    int i = 0, error = _trouble ? kick() : 0;
    for (uint32_t done = port.completion.filled(); done; --done)
        port.spare[port.nspare++] = port.completion[port.completion.mine++];
    port.completion.consume();
    for (; !error && i < n && port.nspare; ++i) {
        uint32_t length = packets[i]->length();
        if (unlikely(!_limit.allows(packets[i]) || length > port.chunk())) {
            error = length > port.chunk() && _limit.allows(packets[i]) ? -E2BIG : -EMSGSIZE;
            break;
        }
        uint64_t address = port.spare[--port.nspare];
        memcpy(port.frame(address), packets[i]->data(), length);
        struct xdp_desc &d = port.tx[port.tx.mine++];
        d.addr = address, d.len = length, d.options = 0;
    }
    port.tx.produce();
    if (int e = _trouble ? 0 : kick())
        error = e, i = 0;
    port.send_lock.release();
    return i ? i : error;
}

}
CLICK_ENDDECLS
