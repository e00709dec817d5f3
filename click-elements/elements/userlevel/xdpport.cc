#include <click/config.h>
#include "xdpport.hh"
#include "bpf.hh"
#include "opener.hh"
#include <click/error.hh>
#include <errno.h>
#include <initializer_list>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#ifndef SOL_XDP
# define SOL_XDP 283
#endif
CLICK_DECLS
namespace frameio {

enum { max_send_budget_option = 9 };        // XDP_MAX_TX_SKB_BUDGET, since Linux 6.17

XdpPort *XdpPort::all = nullptr;

XdpPort *XdpPort::get(const Options &o, ErrorHandler *errh) {
    XdpPort *p = all;
    while (p && p->_ifindex != o.ifindex) p = p->_next;
    if (p && p->_send_only && !o.send_only) {
        errh->error("%s: AF_XDP: a ToDevice without METHOD took its queue to send; give that METHOD LINUX or AF_XDP", o.device.c_str());
        return nullptr;
    }
    if (!p) {
        p = new XdpPort;
        if (p->open(o, errh) < 0) {
            delete p;
            return nullptr;
        }
        p->_next = all;
        all = p;
    }
    ++p->_users;
    return p;
}

void XdpPort::put() {
    if (--_users) return;
    XdpPort **at = &all;
    while (*at != this) at = &(*at)->_next;
    *at = _next;
    delete this;
}

template <typename E> static void unmap(XdpRing<E> &r) {
    if (r.base) munmap(r.base, r.bytes);
}

XdpPort::~XdpPort() {
    for (int fd : {_link, _fd})
        if (fd >= 0) close(fd);
    unmap(rx), unmap(tx), unmap(fill), unmap(completion);
    if (_memory) munmap(_memory, memory_size());
}

template <typename E> bool XdpPort::map_ring(XdpRing<E> &r, const struct xdp_ring_offset &at, uint64_t where, int count) {
    size_t bytes = at.desc + count * sizeof(E);
    void *base = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, _fd, (off_t) where);
    if (base == MAP_FAILED)
        return false;
    char *b = (char *) base;
    r.base = base, r.bytes = bytes, r.mask = count - 1;
    r.producer = (uint32_t *) (b + at.producer), r.consumer = (uint32_t *) (b + at.consumer), r.flags = (uint32_t *) (b + at.flags);
    r.entries = (E *) (b + at.desc);
    return true;
}

int XdpPort::open(const Options &o, ErrorHandler *errh) {
    const char *name = o.device.c_str();
    auto failed = [&](const char *what) { return errh->error("%s: AF_XDP: %s: %s", name, what, strerror(errno)); };
    _ifindex = o.ifindex, _send_only = o.send_only;
    // A frame and the kernel's 256 bytes of headroom in a chunk, and a chunk within a page.
    _chunk = o.mtu + 18 + 256 <= 2048 ? 2048 : 4096;
    if (o.mtu + 18 + 256 > 4096)
        return errh->error("%s: AF_XDP: MTU %d is too large, at most 3822", name, o.mtu);
    if ((_fd = open_socket(AF_XDP, o, errh)) < 0)
        return -1;
    void *memory = mmap(nullptr, memory_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return failed("memory");
    _memory = (unsigned char *) memory;
    struct xdp_umem_reg reg = {};
    reg.addr = (uintptr_t) memory, reg.len = memory_size(), reg.chunk_size = _chunk;
    int in = _send_only ? nunused : nreceive, out = nsend, budget = nsend;
    struct xdp_mmap_offsets at = {};
    socklen_t len = sizeof at;
    if (setsockopt(_fd, SOL_XDP, XDP_UMEM_REG, &reg, sizeof reg) < 0)
        return failed("registering memory");
    if (setsockopt(_fd, SOL_XDP, XDP_UMEM_FILL_RING, &in, sizeof in) < 0 || setsockopt(_fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &out, sizeof out) < 0
        || (!_send_only && setsockopt(_fd, SOL_XDP, XDP_RX_RING, &in, sizeof in) < 0) || setsockopt(_fd, SOL_XDP, XDP_TX_RING, &out, sizeof out) < 0
        || getsockopt(_fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &len) < 0)
        return failed("rings");
    if ((!_send_only && !map_ring(rx, at.rx, XDP_PGOFF_RX_RING, in)) || !map_ring(tx, at.tx, XDP_PGOFF_TX_RING, out)
        || !map_ring(fill, at.fr, XDP_UMEM_PGOFF_FILL_RING, in) || !map_ring(completion, at.cr, XDP_UMEM_PGOFF_COMPLETION_RING, out))
        return failed("mapping rings");
    setsockopt(_fd, SOL_XDP, max_send_budget_option, &budget, sizeof budget);
    // Without copying where the driver can: that sets the queue up anew, which is not for a device in use.
    const int flags = XDP_USE_NEED_WAKEUP | (_send_only ? XDP_COPY : 0);
    // The kernel frees a queue some time after the process that had it ended.
    int tries = 0, error;
    while ((error = Opener::in_charge() ? Opener::bind_xdp(_fd, o.device, flags) : bind_xdp(_fd, _ifindex, flags)) == -EBUSY && !_send_only && ++tries < 200)
        usleep(2000);
    if (error < 0)
        return errh->error("%s: AF_XDP: bind: %s", name, strerror(-error));
    struct xdp_options options = {};
    len = sizeof options;
    _zero_copy = getsockopt(_fd, SOL_XDP, XDP_OPTIONS, &options, &len) == 0 && (options.flags & XDP_OPTIONS_ZEROCOPY);
    for (int i = 0; i < nsend; ++i)
        spare[nspare++] = (uint64_t) ((_send_only ? 0 : nreceive) + i) * _chunk;
    return 0;
}

int bind_xdp(int fd, int ifindex, int flags) {
    struct sockaddr_xdp address = {};
    address.sxdp_family = AF_XDP, address.sxdp_ifindex = (uint32_t) ifindex, address.sxdp_queue_id = 0, address.sxdp_flags = (uint16_t) flags;
    return bind(fd, (struct sockaddr *) &address, sizeof address) < 0 ? -errno : 0;
}

/** How many receive queues the device has, as far as it tells. */
static int queues_of(const Options &o) {
    struct ethtool_channels channels = {};
    struct ifreq ifr = {};
    channels.cmd = ETHTOOL_GCHANNELS;
    memcpy(ifr.ifr_name, o.device.data(), o.device.length());
    ifr.ifr_data = (char *) &channels;
    int fd = question_socket();
    bool ok = fd >= 0 && ioctl(fd, SIOCETHTOOL, &ifr) == 0;
    if (fd >= 0) close(fd);
    return ok ? (int) (channels.rx_count + channels.combined_count) : 1;
}

int XdpPort::attach(const Options &o, ErrorHandler *errh) {
    const char *name = o.device.c_str();
    if (_readers[0] == o.router || _readers[1] == o.router)
        return errh->error("%s: AF_XDP: another FromDevice reads it already", name);
    if (_link < 0) {
        if (!fill.mine) {
            for (int i = 0; i < nreceive; ++i)
                fill[fill.mine++] = (uint64_t) i * _chunk;
            fill.produce();
        }
        int generic;
        _link = Opener::in_charge() ? Opener::redirect(o.device, _fd, &generic) : bpf::redirect(_fd, _ifindex, &generic);
        if (_link < 0)
            return errh->error("%s: AF_XDP: attaching the program: %s%s", name, strerror(-_link), _link == -EBUSY || _link == -EEXIST ? " (another one is there)" : "");
        if (!(_native = !generic))
            errh->warning("%s: AF_XDP: the driver does not take the program (%s); generic mode, which is slower", name, strerror(generic));
        int queues = queues_of(o);
        if (queues > 1)
            errh->warning("%s: AF_XDP: it has %d receive queues and only the first is read; set one by `ethtool -L`", name, queues);
    }
    _readers[_readers[0] ? 1 : 0] = o.router;
    return 0;
}

void XdpPort::detach(const Router *router) {
    for (const Router *&r : _readers)
        if (r == router) r = nullptr;
    if (!_readers[0] && !_readers[1] && _link >= 0) {       // the frames are the kernel's again
        close(_link);
        _link = -1;
    }
}

/** For want of a chunk a frame is among the dropped ones, and counted a second time under another name. */
uint64_t XdpPort::drops() const {
    struct xdp_statistics s = {};
    socklen_t len = sizeof s;
    return getsockopt(_fd, SOL_XDP, XDP_STATISTICS, &s, &len) == 0 ? s.rx_dropped + s.rx_ring_full : 0;
}

String XdpPort::describe() const {
    return String("AF_XDP") + (_link < 0 ? "" : _native ? " native" : " generic") + (_zero_copy ? " zero-copy" : " copy");
}

}
CLICK_ENDDECLS
