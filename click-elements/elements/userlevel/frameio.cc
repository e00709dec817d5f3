#include <click/config.h>
#include "frameio.hh"
#include "opener.hh"
#include "ringio.hh"
#include "segments.hh"
#include "socketio.hh"
#include "xdpio.hh"
#include <click/error.hh>
#include <click/master.hh>
#include <clicknet/ether.h>
#include <errno.h>
#include <fcntl.h>
#include <initializer_list>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#ifndef PACKET_IGNORE_OUTGOING
# define PACKET_IGNORE_OUTGOING 23
#endif
CLICK_DECLS
namespace frameio {

bool MethodArg::parse(const String &text, Method &method, const ArgContext &args) const {
    static const struct { const char *name; Method method; } names[] = {
        {"DEFAULT", pcap}, {"LINUX", linux_socket}, {"PCAP", pcap}, {"PACKET_MMAP", ring}, {"RING", ring}, {"AF_XDP", xdp}, {"XDP", xdp}};
    String s = text.upper();
    for (const auto &n : names)
        if (s == n.name) {
            method = n.method;
            return true;
        }
    args.error("%s is not supported, only LINUX, PCAP, PACKET_MMAP and AF_XDP", text.c_str());
    return false;
}

const char *name_of(Method m) { return m == ring ? "PACKET_MMAP" : m == xdp ? "AF_XDP" : "LINUX"; }

Receiver *make_receiver(Method m, Tally &t) {
    if (m == ring) return new RingReceiver(t);
    if (m == xdp) return new XdpReceiver(t);
    return new SocketReceiver(t);
}

Sender *make_sender(Method m) {
    if (m == ring) return new RingSender;
    if (m == xdp) return new XdpSender;
    return new SocketSender;
}

void Receiver::close_fd() {
    for (int fd : {_fd, _watch})
        if (fd >= 0) close(fd);
    _fd = _watch = -1;
}
void Sender::close_fd() {
    if (_fd >= 0) close(_fd);
    _fd = -1;
}

void Receiver::complete(WritablePacket *p, const unsigned char *d, uint32_t length, int headroom, const offload::Hint &hint, BatchBuilder &out) {
    if (hint.gso_type) {
        ++(offload::cut(d, length, (uint32_t) headroom, hint, out) ? _tally->gso : _tally->oversize);
        return;
    }
    if (!p) p = Packet::make((uint32_t) headroom, d, length, 0);
    if (Packet *q = p ? offload::complete(p, hint) : nullptr) out.append(q);
    else ++_tally->oversize;
}

int question_socket() { return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); }     // to close a packet socket costs a grace period

bool may_open(const Element *e) { return !e->master()->confined() || Opener::there(); }

int find_device(Options &o, ErrorHandler *errh) {
    struct ifreq ifr = {};
    int fd = question_socket();
    o.ifindex = 0;
    if (fd < 0)
        return errh->error("%s: %s", o.device.c_str(), strerror(errno));
    if (o.device.length() < IFNAMSIZ) {
        memcpy(ifr.ifr_name, o.device.data(), o.device.length());
        if (ioctl(fd, SIOCGIFINDEX, &ifr) == 0) o.ifindex = ifr.ifr_ifindex;
        if (o.ifindex && ioctl(fd, SIOCGIFMTU, &ifr) == 0) o.mtu = ifr.ifr_mtu;
    }
    close(fd);
    Opener::note(o.device);
    return o.ifindex ? 0 : errh->error("%s: no such device", o.device.c_str());
}

int open_socket(int family, const Options &o, ErrorHandler *errh) {
    // Protocol 0 first and the real one in bind(): swapping a bound protocol would wait for a grace period.
    int fd = Opener::in_charge() ? Opener::socket(family) : socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 && Opener::in_charge())
        errno = -fd;
    return fd >= 0 ? fd : errh->error("%s: %s socket: %s", o.device.c_str(), family == AF_XDP ? "AF_XDP" : "packet", strerror(errno));
}

int prepare_to_receive(int fd, const Options &o, ErrorHandler *errh) {
    int on = 1, buffer = 4 << 20;
    if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) < 0 || setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) < 0)
        return errh->error("%s: packet socket options: %s", o.device.c_str(), strerror(errno));
    if (!o.outbound)
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    // Not by binding to it: such a socket is served only after traffic control at ingress, where SNIFFER false drops.
    struct sock_filter only[] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t) (SKF_AD_OFF + SKF_AD_PROTOCOL)}, {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t) o.protocol},
                                 {BPF_RET | BPF_K, 0, 0, 0xFFFFFFFF}, {BPF_RET | BPF_K, 0, 0, 0}};
    struct sock_fprog filter = {4, only};
    if (o.protocol && setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0)
        return errh->error("%s: PROTOCOL: %s", o.device.c_str(), strerror(errno));
    if (o.program >= 0)
        set_program(fd, o.program);     // without, it gets all, as a program may say, too
    return 0;
}

bool set_program(int fd, int program) {
    return (program >= 0 ? setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &program, sizeof program) : setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &program, sizeof program)) == 0;
}

int bind_packet(int fd, int ifindex, int protocol) {
    struct sockaddr_ll sll = {};
    sll.sll_family = AF_PACKET, sll.sll_ifindex = ifindex, sll.sll_protocol = htons((uint16_t) protocol);
    return bind(fd, (struct sockaddr *) &sll, sizeof sll) < 0 ? -errno : 0;
}

int bind_socket(int fd, const Options &o, int protocol, ErrorHandler *errh) {
    int error = Opener::in_charge() ? Opener::bind(fd, o.device, protocol) : bind_packet(fd, o.ifindex, protocol);
    return error < 0 ? errh->error("%s: bind: %s", o.device.c_str(), strerror(-error)) : 0;
}

namespace {
/** A copy of the descriptor, which may be closed meanwhile, and its device. */
struct Promiscuous { int fd, ifindex; char device[IFNAMSIZ]; };
struct PutOff { bool more; Vector<Promiscuous> all; };
PutOff &put_off() {
    static PutOff &p = *new PutOff{};
    return p;
}

int make_promiscuous(int fd, int ifindex) {
    struct packet_mreq mr = {};
    mr.mr_ifindex = ifindex, mr.mr_type = PACKET_MR_PROMISC;
    return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mr, sizeof mr);
}

/** It asks for no memory, of which a thread would have some of its own. */
void *make_all_promiscuous(void *) {
    for (const Promiscuous &x : put_off().all) {
        if (make_promiscuous(x.fd, x.ifindex) < 0)
            fprintf(stderr, "FromDevice: %s: promiscuous mode: %s\n", x.device, strerror(errno));
        close(x.fd);
    }
    return nullptr;
}
}

void put_off_promiscuous() { put_off().more = true; }

void ask_for_promiscuous() {
    enum { stack = 256 << 10 };          // of addresses; memory is what it touches
    PutOff &p = put_off();
    p.more = false;
    if (p.all.empty())
        return;
    pthread_t t;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&t, &attributes, make_all_promiscuous, nullptr) != 0)
        make_all_promiscuous(nullptr);
    pthread_attr_destroy(&attributes);
}

int set_promiscuous(int fd, const Options &o, ErrorHandler *errh) {
    if (!o.promisc)
        return 0;
    const int copy = put_off().more ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (copy >= 0) {
        Promiscuous x = {copy, o.ifindex, {}};
        strncpy(x.device, o.device.c_str(), sizeof x.device - 1);
        put_off().all.push_back(x);
        return 0;
    }
    return make_promiscuous(fd, o.ifindex) < 0 ? errh->error("%s: promiscuous mode: %s", o.device.c_str(), strerror(errno)) : 0;
}

/** A VLAN tag comes on top, and somebody may have changed the MTU. */
bool LengthLimit::allows_anyway(const Packet *p) {
    const unsigned char *d = p->data();
    uint32_t extra = p->length() >= 18 && (d[12] << 8 | d[13]) == ETHERTYPE_8021Q ? 18 : 14;
    if (p->length() < 14 || p->length() <= (uint32_t) _mtu + extra)
        return p->length() >= 14;
    struct ifreq ifr = {};
    memcpy(ifr.ifr_name, _device.data(), _device.length());
    int fd = question_socket();
    if (fd >= 0 && ioctl(fd, SIOCGIFMTU, &ifr) == 0) _mtu = ifr.ifr_mtu;
    if (fd >= 0) close(fd);
    return p->length() <= (uint32_t) _mtu + extra;
}

int pending_error(int fd) {
    int error = 0;
    socklen_t len = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? -error : 0;
}

uint64_t socket_drops(int fd) {
    struct tpacket_stats st;
    socklen_t len = sizeof st;
    return fd >= 0 && getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &st, &len) == 0 ? st.tp_drops : 0;
}

}
CLICK_ENDDECLS
