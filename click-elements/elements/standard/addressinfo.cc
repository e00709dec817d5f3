#include <click/config.h>
#include <click/confparse.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
#include <click/error.hh>
#include <click/ip6address.hh>
#include <click/nameinfo.hh>
#include "addressinfo.hh"
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>
CLICK_DECLS

namespace {
struct IPNet { unsigned char addr[4], mask[4]; };
struct IP6Net { unsigned char addr[16]; int32_t len; };

/** Remove `:kind` from the end of @a name if it is one of @a kinds (separated by spaces); false if it is another one. */
bool take_suffix(String &name, const char *kinds, String *which = nullptr) {
    int colon = name.find_right(':');
    if (colon < 0) return true;
    String suffix = name.substring(colon + 1).lower(), all(kinds), kind;
    while ((kind = cp_shift_spacevec(all)))
        if (suffix == kind) {
            name = name.substring(0, colon);
            if (which) *which = suffix;
            return true;
        }
    return false;
}

bool plausible(const String &name) {
    for (char c : name)
        if (!isalnum((unsigned char) c) && !strchr("_.-@/", c)) return false;
    return name.length() > 0;
}

/** Call @a f with each address of device @a name until it says true. */
template <typename F> bool each_device_address(const String &name, F f) {
    struct ifaddrs *list, *i;
    if (name.length() >= IFNAMSIZ || !plausible(name) || !if_nametoindex(name.c_str()) || getifaddrs(&list) < 0) return false;
    for (i = list; i; i = i->ifa_next)
        if (i->ifa_addr && name == i->ifa_name && f(i)) break;
    freeifaddrs(list);
    return i;
}
bool device_ip(const String &name, unsigned char *addr, unsigned char *mask) {
    return each_device_address(name, [=](struct ifaddrs *i) {
        if (i->ifa_addr->sa_family != AF_INET || !i->ifa_netmask) return false;
        memcpy(addr, &((struct sockaddr_in *) i->ifa_addr)->sin_addr, 4);
        if (mask) memcpy(mask, &((struct sockaddr_in *) i->ifa_netmask)->sin_addr, 4);
        return true;
    });
}
bool device_gateway(const String &name, unsigned char *addr) {
    FILE *f = plausible(name) ? fopen("/proc/net/route", "re") : nullptr;
    if (!f) return false;
    char line[256], device[64];
    unsigned dst, gw, flags;
    bool found = false;
    while (!found && fgets(line, sizeof line, f))
        if (sscanf(line, "%63s %x %x %x", device, &dst, &gw, &flags) == 4 && name == device && dst == 0 && (flags & 2)) {
            memcpy(addr, &gw, 4);
            found = true;
        }
    fclose(f);
    return found;
}
}

int AddressInfo::configure(Vector<String> &conf, ErrorHandler *errh) {
    int before = errh->nerrors();
    for (const String &arg : conf) {
        Vector<String> words;
        cp_spacevec(arg, words);
        if (words.empty()) continue;
        if (words.size() == 1) errh->error("expected %<NAME [ADDRS]%>");
        for (int i = 1; i < words.size(); ++i) {
            IPAddress a, m;
            IP6Address a6;
            EtherAddress e;
            IPNet net;
            IP6Net net6;
            const String &name = words[0], &w = words[i];
            bool slash = w.find_left('/') >= 0;
            if (!slash && cp_ip_address(w, &a, this))
                NameInfo::define(NameInfo::T_IP_ADDR, this, name, &a, 4);
            else if (slash && cp_ip_prefix(w, &a, &m, false, this)) {
                memcpy(net.addr, a.data(), 4), memcpy(net.mask, m.data(), 4);
                NameInfo::define(NameInfo::T_IP_PREFIX, this, name, &net, sizeof net);
                if (a & ~m)        // an address and its net at once
                    NameInfo::define(NameInfo::T_IP_ADDR, this, name, &a, 4);
            } else if (cp_ethernet_address(w, &e, this))
                NameInfo::define(NameInfo::T_ETHERNET_ADDR, this, name, e.data(), 6);
            else if (!slash && cp_ip6_address(w, &a6, this))
                NameInfo::define(NameInfo::T_IP6_ADDR, this, name, a6.data(), 16);
            else if (slash && cp_ip6_prefix(w, &a6, &net6.len, false, this)) {
                memcpy(net6.addr, a6.data(), 16);
                NameInfo::define(NameInfo::T_IP6_PREFIX, this, name, &net6, sizeof net6);
                if (a6 & IP6Address::make_inverted_prefix(net6.len))
                    NameInfo::define(NameInfo::T_IP6_ADDR, this, name, a6.data(), 16);
            } else
                errh->error("%<%s%> %<%s%> is not a recognizable address", name.c_str(), w.c_str());
        }
    }
    return errh->nerrors() == before ? 0 : -1;
}

bool AddressInfo::query_ip(const String &full_name, unsigned char *addr, const Element *context, int flags) {
    String name = full_name, kind;
    if (!take_suffix(name, "ip ip4 bcast gw", &kind)) return false;
    IPNet net;
    if (kind == "bcast" || kind == "gw") {
        if (kind == "gw" && !(flags & f_nodevice) && device_gateway(name, addr)) return true;
        if (!query_ip_prefix(name + ":ipnet", net.addr, net.mask, context, flags)) return false;
        for (int i = 0; i < 4; ++i) addr[i] = kind == "gw" ? net.addr[i] & net.mask[i] : net.addr[i] | ~net.mask[i];
        if (kind == "gw") addr[3] |= 1;
        return true;
    }
    return NameInfo::query(NameInfo::T_IP_ADDR, context, name, addr, 4) || (!(flags & f_nodevice) && device_ip(name, addr, nullptr));
}

bool AddressInfo::query_ip_prefix(String name, unsigned char *addr, unsigned char *mask, const Element *context, int flags) {
    IPNet net;
    if (!take_suffix(name, "net ipnet ip4net")) return false;
    if (!NameInfo::query(NameInfo::T_IP_PREFIX, context, name, &net, sizeof net)) return !(flags & f_nodevice) && device_ip(name, addr, mask);
    memcpy(addr, net.addr, 4), memcpy(mask, net.mask, 4);
    return true;
}

bool AddressInfo::query_ip6(String name, unsigned char *addr, const Element *context, int) {
    return take_suffix(name, "ip6") && NameInfo::query(NameInfo::T_IP6_ADDR, context, name, addr, 16);
}

bool AddressInfo::query_ip6_prefix(String name, unsigned char *addr, int *len, const Element *context, int) {
    IP6Net net;
    if (!take_suffix(name, "net ip6net") || !NameInfo::query(NameInfo::T_IP6_PREFIX, context, name, &net, sizeof net)) return false;
    memcpy(addr, net.addr, 16), *len = net.len;
    return true;
}

bool AddressInfo::query_ethernet(String name, unsigned char *addr, const Element *context, int flags) {
    if (!take_suffix(name, "eth ether ethernet")) return false;
    return NameInfo::query(NameInfo::T_ETHERNET_ADDR, context, name, addr, 6) || (!(flags & f_nodevice) && each_device_address(name, [=](struct ifaddrs *i) {
        const struct sockaddr_ll *ll = (const struct sockaddr_ll *) i->ifa_addr;
        if (ll->sll_family != AF_PACKET || ll->sll_halen != 6) return false;
        memcpy(addr, ll->sll_addr, 6);
        return true;
    }));
}

CLICK_ENDDECLS
EXPORT_ELEMENT(AddressInfo)
