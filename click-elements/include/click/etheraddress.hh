// EtherAddress: six bytes.
#ifndef CLICK_ETHERADDRESS_HH
#define CLICK_ETHERADDRESS_HH
#include <click/straccum.hh>
#include <click/type_traits.hh>
CLICK_DECLS

class EtherAddress { public:
    EtherAddress() : _d{} {}
    explicit EtherAddress(const unsigned char *data) { memcpy(_d, data, 6); }
    static EtherAddress make_broadcast() { EtherAddress a; memset(a._d, 255, 6); return a; }
    unsigned char *data() { return _d; }
    const unsigned char *data() const { return _d; }
    bool is_group() const { return _d[0] & 1; }
    bool is_broadcast() const { return *this == make_broadcast(); }
    explicit operator bool() const { return !(*this == EtherAddress()); }
    bool operator==(const EtherAddress &x) const { return memcmp(_d, x._d, 6) == 0; }
    bool operator!=(const EtherAddress &x) const { return !(*this == x); }
    String unparse() const { return unparse_with('-'); }
    String unparse_dash() const { return unparse_with('-'); }
    String unparse_colon() const { return unparse_with(':'); }
    hashcode_t hashcode() const { uint32_t x; memcpy(&x, _d + 2, 4); return x; }
  private:
    unsigned char _d[6];
    String unparse_with(char sep) const;
};
inline StringAccum &operator<<(StringAccum &sa, const EtherAddress &a) { return sa << a.unparse(); }

CLICK_ENDDECLS
#endif
