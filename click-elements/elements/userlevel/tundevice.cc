#include <click/config.h>
#include "tundevice.hh"
#include <click/error.hh>
#include <clicknet/ether.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
CLICK_DECLS

bool TunDevice::Settings::operator==(const Settings &o) const {
    return name == o.name && tap == o.tap && address == o.address && mask == o.mask && gateway == o.gateway && ether == o.ether
        && memcmp(address6, o.address6, 16) == 0 && prefix6 == o.prefix6 && mtu == o.mtu && headroom == o.headroom;
}

bool TunPrefix6Arg::parse(const String &text, TunDevice::Settings &s, const ArgContext &args) {
    int slash = text.find_left('/');
    uint32_t length;
    if (slash > 0 && inet_pton(AF_INET6, text.substring(0, slash).c_str(), s.address6) == 1
        && IntArg().parse(text.substring(slash + 1), length) && length <= 128) {
        s.prefix6 = (int) length;
        return true;
    }
    args.error("expected an IPv6 prefix");
    return false;
}

int TunDevice::open(const Settings &s, ErrorHandler *errh) {
    struct ifreq ifr = {};
    if (s.name.length() >= IFNAMSIZ)
        return errh->error("%s: the name is too long", s.name.c_str());
    if ((_fd = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0)
        return errh->error("/dev/net/tun: %s", strerror(errno));
    memcpy(ifr.ifr_name, s.name.data(), s.name.length());
    // No offloads are asked for, so the host's kernel cuts and sums what it sends before we read it.
    ifr.ifr_flags = (short) ((s.tap ? IFF_TAP : IFF_TUN) | IFF_NO_PI);
    if (ioctl(_fd, TUNSETIFF, &ifr) < 0) {
        int error = errno;
        close();
        return errh->error("/dev/net/tun: %s%s%s", s.name.c_str(), s.name ? ": " : "", strerror(error));
    }
    _name = ifr.ifr_name;
    _headroom = s.headroom;
    _room = s.mtu + (s.tap ? 18 : 0);
    if (configure(s, errh) < 0) {
        close();
        return -1;
    }
    return 0;
}

int TunDevice::configure(const Settings &s, ErrorHandler *errh) {
    int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), result = 0;
    struct ifreq ifr = {};
    memcpy(ifr.ifr_name, _name.data(), _name.length());
    auto set = [&](unsigned long what, const char *name) {
        if (!result && ioctl(sock, what, &ifr) < 0)
            result = errh->error("%s: %s: %s", _name.c_str(), name, strerror(errno));
    };
    auto set_address = [&](unsigned long what, IPAddress a, const char *name) {
        struct sockaddr_in sin = {};
        sin.sin_family = AF_INET, sin.sin_addr.s_addr = a.addr();
        memcpy(&ifr.ifr_addr, &sin, sizeof sin);
        set(what, name);
    };
    if (s.ether) {
        memset(&ifr.ifr_hwaddr, 0, sizeof ifr.ifr_hwaddr);
        ifr.ifr_hwaddr.sa_family = ARPHRD_ETHER;
        memcpy(ifr.ifr_hwaddr.sa_data, s.ether.data(), 6);
        if (ioctl(sock, SIOCSIFHWADDR, &ifr) < 0)
            errh->warning("could not set interface Ethernet address: %s", strerror(errno));
    }
    if (s.address) {
        set_address(SIOCSIFADDR, s.address, "address");
        set_address(SIOCSIFNETMASK, s.mask, "netmask");
    }
    ifr.ifr_mtu = s.mtu;
    set(SIOCSIFMTU, "MTU");
    if (!result && ioctl(sock, SIOCGIFFLAGS, &ifr) == 0) {
        ifr.ifr_flags |= IFF_UP;
        set(SIOCSIFFLAGS, "bringing it up");
    }
    if (!result && s.gateway) {
        struct rtentry rt = {};
        struct sockaddr_in sin = {};
        sin.sin_family = AF_INET;
        memcpy(&rt.rt_dst, &sin, sizeof sin);
        memcpy(&rt.rt_genmask, &sin, sizeof sin);
        sin.sin_addr.s_addr = s.gateway.addr();
        memcpy(&rt.rt_gateway, &sin, sizeof sin);
        rt.rt_flags = RTF_UP | RTF_GATEWAY;
        rt.rt_dev = ifr.ifr_name;
        if (ioctl(sock, SIOCADDRT, &rt) < 0)
            result = errh->error("%s: default route: %s", _name.c_str(), strerror(errno));
    }
    if (!result && s.prefix6 >= 0) {
        struct { unsigned char address[16]; uint32_t length; int ifindex; } six;        // struct in6_ifreq
        int sock6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        memcpy(six.address, s.address6, 16);
        six.length = s.prefix6;
        six.ifindex = ioctl(sock, SIOCGIFINDEX, &ifr) == 0 ? ifr.ifr_ifindex : 0;
        if (sock6 < 0 || ioctl(sock6, SIOCSIFADDR, &six) < 0)
            result = errh->error("%s: IPv6 address: %s", _name.c_str(), strerror(errno));
        if (sock6 >= 0) ::close(sock6);
    }
    ::close(sock);
    return result;
}

void TunDevice::close() {
    if (_fd >= 0) ::close(_fd);
    if (_spare) _spare->kill();
    _fd = -1, _spare = nullptr;
}

void TunDevice::take(TunDevice &o) {
    close();
    _fd = o._fd, _headroom = o._headroom, _room = o._room, _name = o._name;
    o._fd = -1;
}

int TunDevice::receive(int max, BatchBuilder &out) {
    int got = 0;
    for (; got < max; ++got) {
        if (!_spare && !(_spare = Packet::make(_headroom, nullptr, 0, _room < 2048 ? 2048 : (uint32_t) _room)))
            break;
        ssize_t n = read(_fd, _spare->data(), _spare->tailroom());
        if (n < 0) {
            if (!got && errno != EAGAIN && errno != EINTR) return -errno;
            break;
        }
        out.append(_spare->put((uint32_t) n));
        _spare = nullptr;
    }
    return got;
}

int TunDevice::send(const Packet *p) { return write(_fd, p->data(), p->length()) == (ssize_t) p->length() ? 0 : -errno; }

bool TunDevice::mark_ip(Packet *p) {
    const unsigned char *d = p->data();
    uint32_t length = p->length(), header = 0;
    if (length >= 20 && d[0] >> 4 == 4 && (header = (d[0] & 15) * 4u) >= 20 && header <= length && (uint32_t) (d[2] << 8 | d[3]) >= header && (uint32_t) (d[2] << 8 | d[3]) <= length)
        p->set_network_header(d, header);
    else if (length >= 40 && d[0] >> 4 == 6)
        p->set_network_header(d, 40);
    else
        return false;
    return true;
}

CLICK_ENDDECLS
