// EtherAddress: six bytes.
#ifndef CLICK_ETHERADDRESS_HH
#define CLICK_ETHERADDRESS_HH
#include <click/straccum.hh>
#include <click/type_traits.hh>
CLICK_DECLS

class EtherAddress { public:
    typedef const EtherAddress &parameter_type;
    typedef uninitialized_type uninitialized_t;
    EtherAddress() : _d{} {}
    EtherAddress(const uninitialized_t &) {}
    /** Six bytes made of three times the same two. */
    explicit EtherAddress(uint16_t m) { for (int i = 0; i < 6; i += 2) memcpy(_d + i, &m, 2); }
    explicit EtherAddress(const unsigned char *data) { memcpy(_d, data, 6); }
    static EtherAddress make_broadcast() { EtherAddress a; memset(a._d, 255, 6); return a; }
    unsigned char *data() { return _d; }
    const unsigned char *data() const { return _d; }
    static EtherAddress broadcast() { return make_broadcast(); }
    /** As three 16-bit words in network order. */
    const uint16_t *sdata() const { return (const uint16_t *) _d; }
    bool is_local() const { return _d[0] & 2; }
    static bool is_broadcast(const unsigned char *d) { return memcmp(d, make_broadcast().data(), 6) == 0; }
    bool is_group() const { return _d[0] & 1; }
    bool is_broadcast() const { return *this == make_broadcast(); }
    explicit operator bool() const { return !(*this == EtherAddress()); }
    bool operator==(const EtherAddress &x) const { return memcmp(_d, x._d, 6) == 0; }
    bool operator!=(const EtherAddress &x) const { return !(*this == x); }
    String s() const { return unparse(); }
    bool operator<(const EtherAddress &x) const { return memcmp(_d, x._d, 6) < 0; }
    String unparse() const { return unparse_with('-'); }
    String unparse_dash() const { return unparse_with('-'); }
    String unparse_colon() const { return unparse_with(':'); }
    hashcode_t hashcode() const { uint32_t x; memcpy(&x, _d + 2, 4); return x; }
  private:
    alignas(2) unsigned char _d[6];
    String unparse_with(char sep) const;
};
inline StringAccum &operator<<(StringAccum &sa, const EtherAddress &a) { return sa << a.unparse(); }

CLICK_ENDDECLS
#endif
