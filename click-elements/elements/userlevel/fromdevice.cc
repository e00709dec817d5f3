#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/etheraddress.hh>
#include <clicknet/ether.h>
#include <click/glue.hh>
#include "fromdevice.hh"
#include "elements/userlevel/offload.hh"
#include <click/standard/scheduleinfo.hh>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#ifndef PACKET_IGNORE_OUTGOING
# define PACKET_IGNORE_OUTGOING 23
#endif
CLICK_DECLS

/** What recvmmsg() fills: a pooled packet for each frame, and room for the rest of an offloaded one. */
struct FromDevice::Batch {
    enum { max = 64, overflow = 65536 };
    WritablePacket *packet[max] = {};
    struct mmsghdr message[max];
    struct iovec vector[max][3];
    offload::VnetHeader vnet[max];
    alignas(struct cmsghdr) char control[max][CMSG_SPACE(sizeof(struct tpacket_auxdata))];
    char *spill;       // max * overflow bytes, touched only by frames that need it
};

int FromDevice::configure(Vector<String> &conf, ErrorHandler *errh) {
    String method = "LINUX";
    bool sniffer = true, force_ip = false;
    int snaplen = 0;
    if (Args(conf, this, errh).read_mp("DEVNAME", _devname).read_p("PROMISC", _promisc).read_p("SNAPLEN", snaplen).read("SNIFFER", sniffer)
            .read("FORCE_IP", force_ip).read("METHOD", WordArg(), method).read("OUTBOUND", _outbound).read("BURST", BoundedIntArg(1, Batch::max), _burst)
            .read("HEADROOM", BoundedIntArg(0, 512), _headroom).read("ACTIVE", _active).read("TIMESTAMP", _timestamp).complete() < 0)
        return -1;
    if (method.upper() != "LINUX" && method.upper() != "DEFAULT")
        return errh->error("METHOD %s is not supported, only LINUX", method.c_str());
    if (!sniffer)
        return errh->error("SNIFFER false is not supported: packets cannot be kept from the kernel");
    if (force_ip)
        return errh->error("FORCE_IP is not supported");
    return 0;
}

int FromDevice::open_socket(ErrorHandler *errh) {
    _ifindex = if_nametoindex(_devname.c_str());
    if (!_ifindex)
        return errh->error("%s: no such device", _devname.c_str());
    // Protocol 0 first and the real one in bind(): swapping a bound protocol would wait for a grace period.
    _fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (_fd < 0)
        return errh->error("%s: packet socket: %s", _devname.c_str(), strerror(errno));
    int on = 1, buffer = 4 << 20;
    if (setsockopt(_fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) < 0 || setsockopt(_fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) < 0)
        return errh->error("%s: packet socket options: %s", _devname.c_str(), strerror(errno));
    if (!_outbound)
        setsockopt(_fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);      // older kernels: packet_type is looked at
    if (setsockopt(_fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) < 0)
        setsockopt(_fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    struct sockaddr_ll sll = {};
    sll.sll_family = AF_PACKET, sll.sll_ifindex = _ifindex, sll.sll_protocol = htons(0x0003 /* ETH_P_ALL */);
    if (bind(_fd, (struct sockaddr *) &sll, sizeof sll) < 0)
        return errh->error("%s: bind: %s", _devname.c_str(), strerror(errno));
    if (_promisc) {
        struct packet_mreq mr = {};
        mr.mr_ifindex = _ifindex, mr.mr_type = PACKET_MR_PROMISC;
        if (setsockopt(_fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mr, sizeof mr) < 0)
            return errh->error("%s: promiscuous mode: %s", _devname.c_str(), strerror(errno));
    }
    return 0;
}

int FromDevice::initialize(ErrorHandler *errh) {
    if (open_socket(errh) < 0)
        return -1;
    _batch = new Batch;
    _batch->spill = (char *) mmap(nullptr, (size_t) Batch::max * Batch::overflow, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (_batch->spill == MAP_FAILED) {
        delete _batch;
        _batch = nullptr;
        return errh->error("out of memory");
    }
    _alive = true;
    _task.initialize(this, false);
    _timer.initialize(this);
    return add_select(_fd, SELECT_READ);
}

void FromDevice::cleanup(CleanupStage) {
    if (_batch) {
        for (WritablePacket *p : _batch->packet)
            if (p)
                p->kill();
        munmap(_batch->spill, (size_t) Batch::max * Batch::overflow);
        delete _batch;
        _batch = nullptr;
    }
    if (_fd >= 0) {
        remove_select(_fd, SELECT_READ);
        close(_fd);
        _fd = -1;
    }
}

bool FromDevice::is_there(bool *up) const {
    struct ifreq ifr = {};
    if (!if_indextoname(_ifindex, ifr.ifr_name))
        return false;
    if (up)
        *up = ioctl(_fd, SIOCGIFFLAGS, &ifr) == 0 && (ifr.ifr_flags & IFF_UP);
    return true;
}

void FromDevice::run_timer(Timer *) {
    bool up = false;
    if (!_alive)
        return;
    if (!is_there(&up))
        device_gone(ENODEV);
    else if (!up)
        _timer.schedule_after_msec(down_poll_ms);
}

void FromDevice::device_gone(int error) {
    click_chatter("%s: %s: %s; no more packets will be read", declaration().c_str(), _devname.c_str(), strerror(error));
    _alive = false;
    remove_select(_fd, SELECT_READ);
}

void FromDevice::selected(int, int) {
    if (receive())
        _task.reschedule();     // a full burst: there is more, but others have their turn first
}

bool FromDevice::run_task(Task *) {
    bool more = _alive && receive();
    if (more)
        _task.fast_reschedule();
    return more;
}

/** One batch. True if it was a full one. */
bool FromDevice::receive() {
    Batch &b = *_batch;
    int n = 0;
    for (; n < _burst; ++n) {
        if (!b.packet[n] && !(b.packet[n] = Packet::make_pooled(_headroom)))
            break;
        b.vector[n][0] = {&b.vnet[n], sizeof b.vnet[n]};
        b.vector[n][1] = {b.packet[n]->data(), b.packet[n]->tailroom()};
        b.vector[n][2] = {b.spill + (size_t) n * Batch::overflow, Batch::overflow};
        struct msghdr &m = b.message[n].msg_hdr;
        m = {};
        m.msg_iov = b.vector[n], m.msg_iovlen = 3;
        m.msg_control = b.control[n], m.msg_controllen = sizeof b.control[n];
    }
    int got = recvmmsg(_fd, b.message, n, MSG_DONTWAIT | MSG_TRUNC, nullptr);
    if (got < 0) {
        if (errno == EINVAL)        // an offload that the kernel cannot describe to us: that frame is gone
            ++_oversize;
        else if (errno == ENETDOWN || errno == ENXIO || errno == ENODEV) {
            // The kernel reports a device going down once. It may come up again under the same index, or be on its way
            // out: that comes in two steps, and the second one is not reported.
            int error = errno;
            if (is_there())
                _timer.schedule_after_msec(down_poll_ms);
            else
                device_gone(error);
        } else if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS)
            device_gone(errno);
        return false;
    }
    Timestamp now = _timestamp ? Timestamp::recent() : Timestamp();
    for (int i = 0; i < got; ++i) {
        b.packet[i]->set_timestamp_anno(now);
        deliver(i, b.message[i].msg_len);
    }
    return got == n;
}

/** Make whole what came into @a slot and send it on. */
void FromDevice::deliver(int slot, uint32_t length) {
    Batch &b = *_batch;
    const offload::VnetHeader &vnet = b.vnet[slot];
    WritablePacket *p = b.packet[slot];
    if (length < sizeof vnet + 14 || length - sizeof vnet > Batch::overflow) {
        ++_oversize;
        return;                 // the slot's packet serves again
    }
    length -= sizeof vnet;
    b.packet[slot] = nullptr;
    uint32_t room = p->tailroom();
    if (length <= room)
        p = p->put(length);
    else {
        WritablePacket *q = Packet::make(_headroom, nullptr, length, 0);
        if (q) {
            memcpy(q->data(), p->data(), room);
            memcpy(q->data() + room, b.spill + (size_t) slot * Batch::overflow, length - room);
            q->set_timestamp_anno(p->timestamp_anno());
        }
        p->kill();
        p = q;
    }
    if (!p)
        return;
    uint32_t vlan = 0;          // TPID and TCI, if the kernel took a tag out
    struct msghdr &m = b.message[slot].msg_hdr;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
        if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
            struct tpacket_auxdata aux;
            memcpy(&aux, CMSG_DATA(c), sizeof aux);
            if (aux.tp_status & TP_STATUS_VLAN_VALID)
                vlan = (uint32_t) (aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid : ETHERTYPE_8021Q) << 16 | aux.tp_vlan_tci;
        }
    offload::Hint hint{vnet.flags, vnet.gso_type, vnet.gso_size, vnet.csum_start, vnet.csum_offset, vlan};
    Packet *list = offload::complete(p, hint);
    if (!list)
        ++_oversize;
    else if (vnet.gso_type)
        ++_gso;
    while (list) {
        Packet *q = list;
        list = list->next();
        q->set_next(nullptr);
        emit(static_cast<WritablePacket *>(q));
    }
}

void FromDevice::emit(WritablePacket *p) {
    ++_count;
    p->set_mac_header(p->data(), 14);
    const unsigned char *d = p->data();
    p->set_packet_type_anno(d[0] & 1 ? (EtherAddress(d).is_broadcast() ? Packet::BROADCAST : Packet::MULTICAST) : Packet::HOST);
    if (!_active)
        p->kill();
    else
        output(0).push(p);
}

String FromDevice::read(Element *e, void *data) {
    FromDevice *fd = static_cast<FromDevice *>(e);
    switch ((uintptr_t) data) {
    case 0: return String(fd->_count);
    case 1: {
        struct tpacket_stats st;
        socklen_t len = sizeof st;
        if (fd->_fd >= 0 && getsockopt(fd->_fd, SOL_PACKET, PACKET_STATISTICS, &st, &len) == 0)
            fd->_drops += st.tp_drops;        // the kernel's counter restarts at each reading
        return String(fd->_drops);
    }
    case 2: return String(fd->_oversize);
    case 3: return String(fd->_gso);
    default: return String(fd->_alive);
    }
}

int FromDevice::reset(const String &, Element *e, void *, ErrorHandler *) {
    FromDevice *fd = static_cast<FromDevice *>(e);
    read(e, (void *) 1);
    fd->_count = fd->_drops = fd->_oversize = fd->_gso = 0;
    return 0;
}

void FromDevice::add_handlers() {
    static const char *const names[] = {"count", "drops", "oversize", "gso_frames", "alive"};
    for (int i = 0; i < 5; ++i)
        add_read_handler(names[i], read, i);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
    add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
EXPORT_ELEMENT(FromDevice)
