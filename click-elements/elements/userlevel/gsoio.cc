#include <click/config.h>
#include "gsoio.hh"
#include "devicefeatures.hh"
#include "ringupgrade.hh"
#include "socketio.hh"
#include <click/error.hh>
#include <errno.h>
#include <linux/if_packet.h>
#include <unistd.h>
CLICK_DECLS
namespace frameio {

bool GsoArg::parse(const String &text, Gso &gso, const ArgContext &args) const {
    bool on;
    const String s = text.upper();
    if (s == "AUTO") gso = gso_auto;
    else if (s == "ATOMIC") gso = gso_atomic;
    else if (s == "SUMMED") gso = gso_summed;
    else if (BoolArg().parse(text, on)) gso = on ? gso_on : gso_off;
    else {
        args.error("expected auto, atomic, summed, true or false");
        return false;
    }
    return true;
}

int segments_itself(const Options &o) {
    static const char *const names[] = {"tx-tcp-segmentation", "tx-tcp6-segmentation", "tx-udp-segmentation"};
    enum { tcp4 = 1, tcp6 = 2, udp = 4 };
    const int32_t on = features_on(o.device, names, 3);
    return on < 0 ? 0 : ((on & (tcp4 | tcp6)) == (tcp4 | tcp6) ? (int) offload::coalesce_tcp : 0) | (on & udp ? (int) offload::coalesce_udp : 0);
}

/** What sendmmsg() reads: of each frame the virtio header with the packets' headers, and the payloads where they are; or, of a frame
    of small packets, a copy in one piece, which costs less than to tell the kernel of many. */
struct GsoSender::Slots {
    enum { max = 64, small = 1024 };
    struct mmsghdr message[max];
    offload::SuperHeader header[max];
    int packets[max];
    struct iovec vector[max_burst + max];
    unsigned char copy[max][small];
    offload::FlowGroups groups;
};

int GsoSender::open(const Options &o, Gso gso, ErrorHandler *errh) {
    int on = 1;
    _limit.set(o);
    if (!(_allowed = segments_itself(o)))
        return gso == gso_on ? errh->error("%s: GSO: the device does not cut what is put together", o.device.c_str()) : 0;
    if (gso == gso_atomic || gso == gso_summed) _allowed |= offload::coalesce_atomic;
    if (gso == gso_summed) _allowed |= offload::coalesce_unsummed;
    if ((_fd = open_socket(o, errh)) < 0)
        return -1;
    prepare_to_send(_fd);
    if (setsockopt(_fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) < 0)
        return errh->error("%s: GSO: %s", o.device.c_str(), strerror(errno));
    if (bind_socket(_fd, o, 0, errh) < 0)
        return -1;
    _slots = new Slots;
    return 0;
}

GsoSender::~GsoSender() {
    if (_fd >= 0) RingUpgrade::close_later(_fd);
    delete _slots;
}

/** How many of the next packets are one frame. Of an offloaded frame the kernel does not ask whether its segments fit the device. */
int GsoSender::run(Packet *const *p, int n, offload::SuperHeader &header) {
    return n > 1 && _limit.allows(p[0]) ? offload::coalesce(p, n, _allowed, header) : 1;
}

void GsoSender::gather(Packet **packets, int n) {
    static_assert(max_burst <= offload::FlowGroups::most, "a burst may not stay as it is");
    if (_allowed) _alone = _slots->groups.gather(packets, n);
}

int GsoSender::send(Sender &plain, Packet *const *packets, int n) {
    if (!_allowed)
        return plain.send(packets, n);
    int done = 0;
    const int shared = n - _alone;
    while (done < n) {
        int alone = 0, together = 0, sent;
        while (done + alone < shared && (together = run(packets + done + alone, shared - done - alone, _slots->header[0])) < 2)
            ++alone;
        if (done + alone >= shared)
            alone = n - done;
        if (alone) {
            sent = plain.send(packets + done, alone);
            if (sent > 0) done += sent;
            if (sent < alone) return done ? done : sent;
        }
        if (done == n)
            break;
        // No frame may pass those of its flow: what the other way has not got rid of is followed that way.
        sent = plain.behind() ? -ENOBUFS : send_runs(packets + done, shared - done, together);
        // No room; or, which tells itself apart in nothing, the device cuts no longer what it did: past the queueing discipline the
        // kernel does not do it in its place. So they go as they are, as many as there is room for.
        if (sent == -ENOBUFS || sent == -EINVAL || sent == -EMSGSIZE) {
            sent = plain.send(packets + done, together);
            if (sent > 0 && sent < together) return done + sent;
        }
        if (sent <= 0)
            return done ? done : sent;
        done += sent;
    }
    return done;
}

/** Frames of several packets each, as many as follow each other; the first is of @a run packets, its header made. How many packets went. */
int GsoSender::send_runs(Packet *const *p, int n, int run) {
    Slots &s = *_slots;
    struct iovec *v = s.vector;
    int m = 0;
    do {
        const offload::SuperHeader &h = s.header[m];
        struct msghdr &message = s.message[m].msg_hdr;
        message = {};
        message.msg_iov = v;
        *v++ = {const_cast<offload::VnetHeader *>(&h.vnet), sizeof h.vnet + h.length};
        if (h.vnet.gso_size * run <= (int) Slots::small && run > 2) {
            unsigned char *copy = s.copy[m];
            for (int i = 0; i < run; ++i, ++p) {
                memcpy(copy, (*p)->data() + h.length, (*p)->length() - h.length);
                copy += (*p)->length() - h.length;
            }
            *v++ = {s.copy[m], (size_t) (copy - s.copy[m])};
        } else
            for (int i = 0; i < run; ++i, ++p)
                *v++ = {const_cast<unsigned char *>((*p)->data() + h.length), (*p)->length() - h.length};
        message.msg_iovlen = (size_t) (v - message.msg_iov);
        s.packets[m++] = run;
        n -= run;
    } while (m < Slots::max && (run = this->run(p, n, s.header[m])) > 1);
    const int sent = sendmmsg(_fd, s.message, (unsigned) m, MSG_DONTWAIT);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    int done = 0;
    for (int i = 0; i < sent; ++i)
        done += s.packets[i];
    frames += (uint64_t) sent, packets += (uint64_t) done;
    return done;
}

}
CLICK_ENDDECLS
