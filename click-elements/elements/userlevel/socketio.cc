#include <click/config.h>
#include "socketio.hh"
#include <click/error.hh>
#include <clicknet/ether.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>
CLICK_DECLS
namespace frameio {

using offload::VnetHeader;

/** What recvmmsg() fills: a pooled packet for each frame, with what virtio says of it in front, and room for the rest of a long one. The
    beginning of that is moved before it where it is to be in one piece. Set up once; a slot is written again only when its packet is gone. */
struct SocketReceiver::Slots {
    enum { max = 64, before = 4096, stride = 73728 };
    WritablePacket *packet[max] = {};
    struct mmsghdr message[max];
    struct iovec vector[max][2];
    alignas(struct cmsghdr) char control[max][CMSG_SPACE(sizeof(struct tpacket_auxdata))];
    unsigned char *spill;       // stride bytes a slot, touched only by frames that need it
    unsigned char *rest(int slot) { return spill + (size_t) slot * stride + before; }
};

int SocketReceiver::open(const Options &o, ErrorHandler *errh) {
    if ((_fd = open_socket(o, errh)) < 0 || prepare_to_receive(_fd, o, errh) < 0 || bind_socket(_fd, o, all_protocols, errh) < 0
        || set_promiscuous(_fd, o, errh) < 0)
        return -1;
    static_assert(Slots::stride - Slots::before >= longest, "the tailroom of a packet comes on top");
    void *spill = mmap(nullptr, (size_t) Slots::max * Slots::stride, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (spill == MAP_FAILED)
        return errh->error("out of memory");
    _slots = new Slots;
    _slots->spill = (unsigned char *) spill;
    _headroom = o.headroom < (int) sizeof(VnetHeader) ? (int) sizeof(VnetHeader) : o.headroom;
    return 0;
}

SocketReceiver::~SocketReceiver() {
    if (!_slots)
        return;
    for (WritablePacket *p : _slots->packet)
        if (p) p->kill();
    munmap(_slots->spill, (size_t) Slots::max * Slots::stride);
    delete _slots;
}

int SocketReceiver::receive(int max, BatchBuilder &out) {
    const int from = (int) out.count(), wanted = max < Slots::max ? max : (int) Slots::max;
    if (_next == _got) {
        _next = _got = 0;
        int got = fill(wanted);
        if (got <= 0)
            return got;
        _got = got;
    }
    while (_next < _got && (int) out.count() - from < max)
        deliver(_next++, out);
    const int made = (int) out.count() - from;
    return _next < _got || made >= max || _got == wanted ? max : made ? made : 1;
}

/** Have the kernel fill at most @a n slots. How many it did, or a negative errno. */
int SocketReceiver::fill(int n) {
    Slots &s = *_slots;
    for (int i = 0; i < n; ++i) {
        if (s.packet[i]) continue;
        if (!(s.packet[i] = Packet::make_pooled(_headroom))) {
            n = i;
            break;
        }
        s.vector[i][0] = {s.packet[i]->data() - sizeof(VnetHeader), s.packet[i]->tailroom() + sizeof(VnetHeader)};
        s.vector[i][1] = {s.rest(i), longest};
        struct msghdr &m = s.message[i].msg_hdr;
        m = {};
        m.msg_iov = s.vector[i], m.msg_iovlen = 2;
        m.msg_control = s.control[i];
        m.msg_controllen = sizeof s.control[i];
    }
    int got = recvmmsg(_fd, s.message, n, MSG_DONTWAIT | MSG_TRUNC, nullptr);
    if (got >= 0)
        return got;
    if (errno == EINVAL) {      // an offload that the kernel cannot describe to us: that frame is gone, others may be there
        ++_tally->oversize;
        s.message[0].msg_len = 0;
        return 1;
    }
    return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -errno;
}

/** Make whole what came into @a slot and append it. */
void SocketReceiver::deliver(int slot, BatchBuilder &out) {
    Slots &s = *_slots;
    WritablePacket *p = s.packet[slot];
    uint32_t length = s.message[slot].msg_len;
    struct msghdr &m = s.message[slot].msg_hdr;
    uint32_t vlan = 0;          // TPID and TCI, if the kernel took a tag out
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
        if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
            struct tpacket_auxdata aux;
            memcpy(&aux, CMSG_DATA(c), sizeof aux);
            if (aux.tp_status & TP_STATUS_VLAN_VALID)
                vlan = (uint32_t) (aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid : ETHERTYPE_8021Q) << 16 | aux.tp_vlan_tci;
        }
    m.msg_controllen = sizeof s.control[slot];          // as it is to be if the slot's packet serves again
    if (length < sizeof(VnetHeader) + 14 || length - sizeof(VnetHeader) > longest) {
        if (length) ++_tally->oversize;
        return;
    }
    VnetHeader vnet;
    memcpy(&vnet, p->data() - sizeof vnet, sizeof vnet);
    length -= sizeof vnet;
    if (likely(length <= p->tailroom() && !vlan && !vnet.gso_type && !(vnet.flags & offload::needs_csum))) {
        s.packet[slot] = nullptr;
        out.append(p->put(length));
        return;
    }
    const unsigned char *d = p->data();
    if (length > p->tailroom()) {
        d = s.rest(slot) - p->tailroom();
        memcpy(s.rest(slot) - p->tailroom(), p->data(), p->tailroom());
        p = nullptr;
    } else if (!vnet.gso_type) {
        s.packet[slot] = nullptr;
        p = p->put(length);
    }
    complete(p, d, length, _headroom, offload::Hint{vnet.flags, vnet.gso_type, vnet.gso_size, vnet.csum_start, vnet.csum_offset, vlan}, out);
}

// ---- Sending

struct SocketSender::Slots {
    enum { max = 64 };
    struct mmsghdr message[max];
    struct iovec vector[max];
};

void prepare_to_send(int fd) {
    int on = 1, buffer = 4 << 20;
    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer) < 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
}

int SocketSender::open(const Options &o, ErrorHandler *errh) {
    if ((_fd = open_socket(o, errh)) < 0)
        return -1;
    prepare_to_send(_fd);
    if (bind_socket(_fd, o, 0 /* receives nothing */, errh) < 0)
        return -1;
    _slots = new Slots;
    for (int i = 0; i < Slots::max; ++i) {
        _slots->message[i].msg_hdr = {};
        _slots->message[i].msg_hdr.msg_iov = &_slots->vector[i], _slots->message[i].msg_hdr.msg_iovlen = 1;
    }
    return 0;
}

SocketSender::~SocketSender() { delete _slots; }

int SocketSender::send(Packet *const *packets, int n) {
    if (n > Slots::max) n = Slots::max;
    for (int i = 0; i < n; ++i)
        _slots->vector[i] = {const_cast<unsigned char *>(packets[i]->data()), packets[i]->length()};
    int sent = sendmmsg(_fd, _slots->message, n, MSG_DONTWAIT);
    return sent >= 0 ? sent : errno == EAGAIN || errno == ENOBUFS || errno == EINTR ? 0 : -errno;
}

}
CLICK_ENDDECLS
