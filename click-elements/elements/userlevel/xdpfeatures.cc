#include <click/config.h>
#include "xdpfeatures.hh"
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
CLICK_DECLS

namespace {
enum { netdev_dev_get = 1, netdev_ifindex = 1, netdev_xdp_features = 3, patience_ms = 200 };      // linux/netdev.h since 6.3
}

XdpFeatures::~XdpFeatures() {
    if (_fd >= 0) ::close(_fd);
}

bool XdpFeatures::open() {
    if (_family)
        return true;
    if (_fd < 0 && (_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC)) < 0)
        return false;
    struct timeval patience = {0, patience_ms * 1000};
    setsockopt(_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, "netdev", 7, CTRL_ATTR_FAMILY_ID, &_family, sizeof _family);
}

int64_t XdpFeatures::of(int ifindex) {
    const uint32_t index = (uint32_t) ifindex;
    uint64_t features;
    return open() && ask(_family, netdev_dev_get, netdev_ifindex, &index, sizeof index, netdev_xdp_features, &features, sizeof features) ? (int64_t) features : -1;
}

bool XdpFeatures::ask(uint16_t family, uint8_t command, uint16_t attribute, const void *data, uint16_t size, uint16_t wanted, void *value, uint16_t value_size) {
    struct { struct nlmsghdr n; struct genlmsghdr g; struct nlattr a; char data[16]; } q = {};
    q.n.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) + NLA_ALIGN(NLA_HDRLEN + size);
    q.n.nlmsg_type = family, q.n.nlmsg_flags = NLM_F_REQUEST, q.n.nlmsg_seq = ++_sequence;
    q.g.cmd = command, q.g.version = 1;
    q.a.nla_len = (uint16_t) (NLA_HDRLEN + size), q.a.nla_type = attribute;
    memcpy(q.data, data, size);
    if (sendto(_fd, &q, q.n.nlmsg_len, 0, nullptr, 0) < 0)
        return false;
    alignas(struct nlmsghdr) char answer[8192];
    for (;;) {
        const ssize_t got = recvfrom(_fd, answer, sizeof answer, 0, nullptr, nullptr);
        const struct nlmsghdr *n = (const struct nlmsghdr *) answer;
        if (got < (ssize_t) NLMSG_LENGTH(GENL_HDRLEN))
            return false;
        if (n->nlmsg_seq != _sequence)
            continue;                   // an answer that came too late
        if (n->nlmsg_type != family || n->nlmsg_len > (uint32_t) got)
            return false;
        const char *at = answer + NLMSG_LENGTH(GENL_HDRLEN), *end = answer + n->nlmsg_len;
        while (end - at >= NLA_HDRLEN) {
            struct nlattr a;
            memcpy(&a, at, sizeof a);
            if (a.nla_len < NLA_HDRLEN || a.nla_len > end - at)
                return false;
            if ((a.nla_type & NLA_TYPE_MASK) == wanted && a.nla_len >= NLA_HDRLEN + value_size) {
                memcpy(value, at + NLA_HDRLEN, value_size);
                return true;
            }
            at += NLA_ALIGN(a.nla_len);
        }
        return false;
    }
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
