#include <click/config.h>
#include "ringio.hh"
#include "socketio.hh"
#include <click/error.hh>
#include <clicknet/ether.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
CLICK_DECLS
namespace frameio {

using offload::VnetHeader;

PacketRing::~PacketRing() {
    if (_base) munmap(_base, (size_t) _count * _size);
}

int PacketRing::map(int fd, int option, uint32_t slot_size, uint32_t count, const Options &o, ErrorHandler *errh) {
    int version = TPACKET_V2;
    struct tpacket_req r = {};
    r.tp_frame_size = slot_size, r.tp_frame_nr = count;
    r.tp_block_size = slot_size > 65536 ? slot_size : 65536;
    r.tp_block_nr = (unsigned) ((uint64_t) count * slot_size / r.tp_block_size);
    if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0 || setsockopt(fd, SOL_PACKET, option, &r, sizeof r) < 0)
        return errh->error("%s: packet ring: %s", o.device.c_str(), strerror(errno));
    void *base = mmap(nullptr, (size_t) count * slot_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED)
        return errh->error("%s: packet ring: %s", o.device.c_str(), strerror(errno));
    _base = (unsigned char *) base, _size = slot_size, _count = count;
    return 0;
}

/** The slot that holds a frame of the device's MTU with the kernel's headers. */
static uint32_t slot_for(int mtu) {
    uint32_t size = 2048;
    while (size < (uint32_t) mtu + 128 && size < 131072) size *= 2;
    return size;
}

int RingReceiver::prepare(const Options &o, ErrorHandler *errh) {
    // A frame larger than a slot (a segmentation-offloaded one) comes whole over the socket; the slot tells so.
    int copy = 1;
    if ((_fd = open_socket(o, errh)) < 0 || prepare_to_receive(_fd, o, errh) < 0)
        return -1;
    setsockopt(_fd, SOL_PACKET, PACKET_COPY_THRESH, &copy, sizeof copy);
    _headroom = o.headroom;
    return _ring.map(_fd, PACKET_RX_RING, slot_for(o.mtu), count, o, errh);
}

int RingReceiver::start(const Options &o, ErrorHandler *errh) {
    return bind_socket(_fd, o, all_protocols, errh) < 0 ? -1 : set_promiscuous(_fd, o, errh);
}

int RingReceiver::receive(int max, BatchBuilder &out) {
    const int from = (int) out.count();
    int got = 0;
    for (; (int) out.count() - from < max && got < max; ++got) {
        struct tpacket2_hdr *h = _ring.slot();
        if (!(__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
            break;
        // The kernel wrote it on another core; what comes next is on its way meanwhile.
        const char *next = (const char *) _ring.slot(ahead);
        const uint32_t length = h->tp_snaplen < most_ahead ? h->tp_snaplen : (uint32_t) most_ahead;
        const int lines = 2 + (int) (length / 64);
        for (int line = 0; line < lines; ++line)
            __builtin_prefetch(next + 64 * line);
        deliver(h, out);
        __atomic_store_n(&h->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        _ring.advance();
    }
    const int made = (int) out.count() - from;
    return !got ? pending_error(_fd) : made > max ? max : made > got ? made : got;
}

/** The next frame of the socket's queue, where it is overwritten by the next one. */
const unsigned char *RingReceiver::fetch_whole(VnetHeader &vnet, uint32_t &length) {
    static thread_local unsigned char *large;
    if (!large && !(large = (unsigned char *) malloc(longest)))
        return nullptr;
    struct iovec v[2] = {{&vnet, sizeof vnet}, {large, longest}};
    struct msghdr m = {};
    m.msg_iov = v, m.msg_iovlen = 2;
    ssize_t n = recvmsg(_fd, &m, MSG_DONTWAIT | MSG_TRUNC);
    if (n < (ssize_t) sizeof vnet + 14 || n > (ssize_t) sizeof vnet + longest)
        return nullptr;
    length = (uint32_t) (n - sizeof vnet);
    return large;
}

void RingReceiver::deliver(struct tpacket2_hdr *h, BatchBuilder &out) {
    const unsigned char *data = (const unsigned char *) h + h->tp_mac;
    uint32_t length = h->tp_snaplen, vlan = 0;
    VnetHeader vnet;
    memcpy(&vnet, data - sizeof vnet, sizeof vnet);
    if (unlikely(h->tp_status & TP_STATUS_COPY))
        data = fetch_whole(vnet, length);
    else if (unlikely(h->tp_len != length || length < 14 || h->tp_mac < sizeof vnet || h->tp_mac + length > _ring.slot_size()))
        data = nullptr;
    if (unlikely(!data)) {
        ++_tally->oversize;
        return;
    }
    if (h->tp_status & TP_STATUS_VLAN_VALID)
        vlan = (uint32_t) (h->tp_status & TP_STATUS_VLAN_TPID_VALID ? h->tp_vlan_tpid : ETHERTYPE_8021Q) << 16 | h->tp_vlan_tci;
    WritablePacket *p = nullptr;
    if (likely(!vnet.gso_type && (p = Packet::make_pooled(_headroom)))) {
        if (likely(p->tailroom() >= length)) {
            memcpy(p->data(), data, length);
            p = p->put(length);
        } else {
            p->kill();
            p = nullptr;
        }
    }
    if (likely(p && !vlan && !(vnet.flags & offload::needs_csum)))
        out.append(p);
    else
        complete(p, data, length, _headroom, offload::Hint{vnet.flags, vnet.gso_type, vnet.gso_size, vnet.csum_start, vnet.csum_offset, vlan}, out);
}

// ---- Sending

int RingSender::open(const Options &o, ErrorHandler *errh) {
    int on = 1;
    if ((_fd = open_socket(o, errh)) < 0)
        return -1;
    prepare_to_send(_fd);
    _limit.set(o);
    // A frame that the device refuses gives its slot back, instead of stopping the ring.
    setsockopt(_fd, SOL_PACKET, PACKET_LOSS, &on, sizeof on);
    return _ring.map(_fd, PACKET_TX_RING, slot_for(o.mtu), count, o, errh) < 0 ? -1 : bind_socket(_fd, o, 0, errh);
}

int RingSender::send(Packet *const *packets, int n) {
    constexpr uint32_t offset = TPACKET2_HDRLEN - sizeof(struct sockaddr_ll);
    int i = 0;
    for (; i < n; ++i) {
        struct tpacket2_hdr *h = _ring.slot();
        uint32_t status = __atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE);
        if (status != TP_STATUS_AVAILABLE && status != TP_STATUS_WRONG_FORMAT)
            break;
        uint32_t length = packets[i]->length();
        if (unlikely(!_limit.allows(packets[i]) || length > _ring.slot_size() - offset)) {
            if (i) break;
            return -EMSGSIZE;
        }
        memcpy((unsigned char *) h + offset, packets[i]->data(), length);
        h->tp_len = length;
        __atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
        _ring.advance();
    }
    if (i || _unkicked) {
        _unkicked = false;
        if (sendto(_fd, nullptr, 0, MSG_DONTWAIT, nullptr, 0) < 0) {
            if (device_trouble(errno))
                return -errno;
            _unkicked = true;      // they go with the next ones, or with the next attempt
        }
    }
    return i;
}

}
CLICK_ENDDECLS
