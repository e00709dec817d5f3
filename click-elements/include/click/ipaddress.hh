// IPAddress: an IPv4 address in network byte order.
#ifndef CLICK_IPADDRESS_HH
#define CLICK_IPADDRESS_HH
#include <click/straccum.hh>
#include <click/type_traits.hh>
#include <netinet/in.h>
CLICK_DECLS

class IPAddress { public:
    IPAddress() : _addr(0) {}
    IPAddress(unsigned x) : _addr(x) {}
    explicit IPAddress(int x) : _addr(x) {}
    IPAddress(struct in_addr a) : _addr(a.s_addr) {}
    explicit IPAddress(const unsigned char *data) { memcpy(&_addr, data, 4); }
    explicit IPAddress(const String &s) : _addr(0) { struct in_addr a; if (inet_pton(AF_INET, s.c_str(), &a) == 1) _addr = a.s_addr; }
    static IPAddress make_prefix(int len) { return IPAddress(len ? htonl(~uint32_t(0) << (32 - len)) : 0); }
    static IPAddress make_broadcast() { return IPAddress(0xFFFFFFFFU); }
    uint32_t addr() const { return _addr; }
    operator uint32_t() const { return _addr; }
    struct in_addr in_addr() const { struct in_addr a; a.s_addr = _addr; return a; }
    const unsigned char *data() const { return (const unsigned char *) &_addr; }
    unsigned char *data() { return (unsigned char *) &_addr; }
    bool empty() const { return !_addr; }
    bool is_multicast() const { return (ntohl(_addr) >> 28) == 14; }
    bool is_broadcast() const { return _addr == 0xFFFFFFFFU; }
    bool matches_prefix(IPAddress a, IPAddress mask) const { return ((_addr ^ a._addr) & mask._addr) == 0; }
    /** The prefix length of this mask, or -1 if it is no prefix. */
    int mask_to_prefix_len() const;
    String unparse() const;
    String s() const { return unparse(); }
    hashcode_t hashcode() const { return _addr; }
  private:
    uint32_t _addr;
};
inline bool operator==(IPAddress a, IPAddress b) { return a.addr() == b.addr(); }
inline bool operator!=(IPAddress a, IPAddress b) { return a.addr() != b.addr(); }
inline IPAddress operator&(IPAddress a, IPAddress b) { return IPAddress(a.addr() & b.addr()); }
inline IPAddress operator~(IPAddress a) { return IPAddress(~a.addr()); }
inline StringAccum &operator<<(StringAccum &sa, IPAddress a) { return sa << a.unparse(); }

CLICK_ENDDECLS
#endif
