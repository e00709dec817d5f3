// IPv6 addresses, and checksums over them.
#include <click/config.h>
#include <click/ip6address.hh>
#include <click/glue.hh>
CLICK_DECLS

IP6Address::IP6Address(const String &s) : _addr() { if (inet_pton(AF_INET6, s.c_str(), &_addr) != 1) memset(&_addr, 0, 16); }

IP6Address IP6Address::make_prefix(int len) {
    IP6Address a;
    for (int i = 0; i < 16; ++i)
        a.data()[i] = len >= 8 * i + 8 ? 0xFF : len <= 8 * i ? 0 : 0xFF << (8 * i + 8 - len);
    return a;
}
IP6Address IP6Address::make_inverted_prefix(int len) { return ~make_prefix(len); }

int IP6Address::mask_to_prefix_len() const {
    int n = 0;
    while (n < 128 && (data()[n / 8] & (0x80 >> n % 8))) ++n;
    return make_prefix(n) == *this ? n : -1;
}
bool IP6Address::matches_prefix(const IP6Address &a, const IP6Address &mask) const {
    for (int i = 0; i < 16; ++i)
        if ((data()[i] ^ a.data()[i]) & mask.data()[i]) return false;
    return true;
}
bool IP6Address::mask_as_specific(const IP6Address &mask) const { return (*this & mask) == mask; }

bool IP6Address::ether_address(EtherAddress &x) const {
    if (!has_ether_address()) return false;
    unsigned char d[6] = {(unsigned char) (data()[8] ^ 2), data()[9], data()[10], data()[13], data()[14], data()[15]};
    x = EtherAddress(d);
    return true;
}
bool IP6Address::ip4_address(IPAddress &x) const {
    if (!is_ip4_compatible() && !is_ip4_mapped()) return false;
    x = ip4_address();
    return true;
}

String IP6Address::unparse() const {
    char b[INET6_ADDRSTRLEN];
    return String(inet_ntop(AF_INET6, &_addr, b, sizeof b));
}
String IP6Address::unparse_expanded() const {
    StringAccum sa;
    for (int i = 0; i < 16; i += 2)
        sa.snprintf(8, "%s%x", i ? ":" : "", data()[i] << 8 | data()[i + 1]);
    return sa.take_string();
}

bool IP6AddressArg::parse(const String &s, IP6Address &result, const ArgContext &args) {
    struct in6_addr a;
    if (s.length() < INET6_ADDRSTRLEN && inet_pton(AF_INET6, s.c_str(), &a) == 1) {
        result = a;
        return true;
    }
    return false;
}

bool IP6PrefixArg::parse(const String &s, IP6Address &addr, int &len, const ArgContext &args) const {
    int slash = s.find_right('/');
    IP6Address a, mask;
    int n;
    if (slash >= 0) {
        String tail = s.substring(slash + 1);
        if (!IP6AddressArg::parse(s.substring(0, slash), a, args)) return false;
        if (!cp_integer(tail, &n)) {
            if (!IP6AddressArg::parse(tail, mask, args)) return false;
            n = mask.mask_to_prefix_len();
        }
        if (n < 0 || n > 128) return false;
        addr = a, len = n;
        return true;
    }
    if (allow_bare_address && IP6AddressArg::parse(s, a, args)) {
        addr = a, len = 128;
        return true;
    }
    return false;
}
bool IP6PrefixArg::parse(const String &s, IP6Address &addr, IP6Address &mask, const ArgContext &args) const {
    int len;
    if (!parse(s, addr, len, args)) return false;
    mask = IP6Address::make_prefix(len);
    return true;
}

CLICK_ENDDECLS

// RFC 8200 section 8.1: addresses, length, next header, then the data, as one's complement sum.
uint16_t in6_fast_cksum(const struct in6_addr *src, const struct in6_addr *dst, uint16_t plen, uint8_t proto, uint16_t old_sum, const unsigned char *data, uint16_t len) {
    unsigned char pseudo[40] = {};
    memcpy(pseudo, src, 16);
    memcpy(pseudo + 16, dst, 16);
    memcpy(pseudo + 34, &plen, 2);
    pseudo[39] = proto;
    // click_in_cksum() gives complements: undo, add, complement again.
    uint32_t sum = (uint16_t) ~click_in_cksum(pseudo, 40) + (uint16_t) ~click_in_cksum(data, len) + (uint16_t) ~old_sum;
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t) ~sum;
}
uint16_t in6_cksum(const struct in6_addr *src, const struct in6_addr *dst, uint16_t plen, uint8_t proto, uint16_t old_sum, unsigned char *data, uint16_t len) {
    return in6_fast_cksum(src, dst, plen, proto, old_sum, data, len);
}
