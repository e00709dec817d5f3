// IP6Address: an IPv6 address.
#ifndef CLICK_IP6ADDRESS_HH
#define CLICK_IP6ADDRESS_HH
#include <click/args.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
#include <clicknet/ip6.h>
CLICK_DECLS

class IP6Address { public:
    typedef const IP6Address &parameter_type;
    typedef uninitialized_type uninitialized_t;
    IP6Address() : _addr() {}
    explicit IP6Address(const unsigned char *data) { memcpy(&_addr, data, 16); }
    /** ::a.b.c.d */
    explicit IP6Address(IPAddress a) : _addr() { memcpy(data() + 12, a.data(), 4); }
    explicit IP6Address(struct in_addr a) : IP6Address(IPAddress(a)) {}
    explicit IP6Address(const struct in6_addr &a) : _addr(a) {}
    /** All zero if @a s is no address. */
    explicit IP6Address(const String &s);
    IP6Address(const uninitialized_t &) {}
    static IP6Address make_prefix(int len);
    static IP6Address make_inverted_prefix(int len);

    unsigned char *data() { return _addr.s6_addr; }
    const unsigned char *data() const { return _addr.s6_addr; }
    uint16_t *data16() { return (uint16_t *) data(); }
    const uint16_t *data16() const { return (const uint16_t *) data(); }
    uint32_t *data32() { return (uint32_t *) data(); }
    const uint32_t *data32() const { return (const uint32_t *) data(); }
    const struct in6_addr &in6_addr() const { return _addr; }
    operator const struct in6_addr &() const { return _addr; }
    operator struct in6_addr &() { return _addr; }
    explicit operator bool() const { uint64_t w[2]; words(w); return w[0] | w[1]; }
    hashcode_t hashcode() const { uint64_t w[2]; words(w); return ::hashcode(w[0] ^ (w[1] * 0x9E3779B97F4A7C15ULL)); }

    /** The prefix length of this mask, or -1 if it is no prefix. */
    int mask_to_prefix_len() const;
    bool matches_prefix(const IP6Address &a, const IP6Address &mask) const;
    bool mask_as_specific(const IP6Address &mask) const;
    bool mask_more_specific(const IP6Address &mask) const { return mask_as_specific(mask) && memcmp(data(), mask.data(), 16); }
    bool is_ip4_compatible() const { return zero_until(12); }
    bool is_ip4_mapped() const { return zero_until(10) && data()[10] == 0xFF && data()[11] == 0xFF; }
    bool is_multicast() const { return data()[0] == 0xFF; }
    bool is_link_local() const { return data()[0] == 0xFE && (data()[1] & 0xC0) == 0x80; }
    /** Is the interface part made from an Ethernet address (RFC 4291, appendix A), and from which? */
    bool has_ether_address() const { return data()[11] == 0xFF && data()[12] == 0xFE; }
    bool ether_address(EtherAddress &x) const;
    bool ip4_address(IPAddress &x) const;
    IPAddress ip4_address() const { return IPAddress(data() + 12); }

    IP6Address &operator&=(const IP6Address &x) { for (int i = 0; i < 16; ++i) data()[i] &= x.data()[i]; return *this; }
    IP6Address &operator|=(const IP6Address &x) { for (int i = 0; i < 16; ++i) data()[i] |= x.data()[i]; return *this; }
    IP6Address &operator&=(const struct in6_addr &x) { return *this &= IP6Address(x); }
    IP6Address &operator|=(const struct in6_addr &x) { return *this |= IP6Address(x); }
    IP6Address &operator=(const struct in6_addr &x) { _addr = x; return *this; }
    IP6Address &operator=(const struct in_addr &x) { return *this = IP6Address(x); }

    String unparse() const;
    void unparse(StringAccum &sa) const { sa << unparse(); }
    String unparse_expanded() const;
    String s() const { return unparse(); }

  private:
    struct in6_addr _addr;
    void words(uint64_t *w) const { memcpy(w, &_addr, 16); }
    bool zero_until(int n) const { for (int i = 0; i < n; ++i) if (data()[i]) return false; return true; }
};
inline bool operator==(const IP6Address &a, const IP6Address &b) { return memcmp(a.data(), b.data(), 16) == 0; }
inline bool operator!=(const IP6Address &a, const IP6Address &b) { return !(a == b); }
inline IP6Address operator&(IP6Address a, const IP6Address &b) { return a &= b; }
inline IP6Address operator&(const struct in6_addr &a, const IP6Address &b) { return IP6Address(a) & b; }
inline IP6Address operator|(IP6Address a, const IP6Address &b) { return a |= b; }
inline IP6Address operator~(IP6Address a) { for (int i = 0; i < 16; ++i) a.data()[i] = ~a.data()[i]; return a; }
inline StringAccum &operator<<(StringAccum &sa, const IP6Address &a) { return sa << a.unparse(); }

/** The annotation of a packet, which overlaps the IPv4 one. */
template <typename P> inline const IP6Address &DST_IP6_ANNO(const P *p) { return *reinterpret_cast<const IP6Address *>(p->anno_u8()); }
template <typename P> inline void SET_DST_IP6_ANNO(P *p, const IP6Address &a) { memcpy(p->anno_u8(), a.data(), 16); }
template <typename P> inline void SET_DST_IP6_ANNO(P *p, const struct in6_addr &a) { memcpy(p->anno_u8(), &a, 16); }

struct IP6AddressArg {
    static bool parse(const String &s, IP6Address &result, const ArgContext &args = blank_args);
    static bool parse(const String &s, struct in6_addr &result, const ArgContext &args = blank_args) { IP6Address a; if (!parse(s, a, args)) return false; result = a; return true; }
};
struct IP6PrefixArg {
    bool allow_bare_address;
    explicit IP6PrefixArg(bool bare = false) : allow_bare_address(bare) {}
    bool parse(const String &s, IP6Address &addr, int &len, const ArgContext &args = blank_args) const;
    bool parse(const String &s, IP6Address &addr, IP6Address &mask, const ArgContext &args = blank_args) const;
    bool parse(const String &s, struct in6_addr &addr, struct in6_addr &mask, const ArgContext &args = blank_args) const {
        IP6Address a, m;
        if (!parse(s, a, m, args)) return false;
        addr = a, mask = m;
        return true;
    }
};
template <> struct DefaultArg<IP6Address> : IP6AddressArg {};
template <> struct DefaultArg<struct in6_addr> : IP6AddressArg {};

CLICK_ENDDECLS
#endif
