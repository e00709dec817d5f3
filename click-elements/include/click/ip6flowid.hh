// IP6FlowID: addresses and ports of an IPv6 flow, in network byte order.
#ifndef CLICK_IP6FLOWID_HH
#define CLICK_IP6FLOWID_HH
#include <click/ip6address.hh>
CLICK_DECLS
class Packet;
class IP6FlowID { public:
    typedef uninitialized_type uninitialized_t;
    IP6FlowID() : _sport(0), _dport(0) {}
    IP6FlowID(const uninitialized_t &) {}
    IP6FlowID(const IP6Address &s, uint16_t sp, const IP6Address &d, uint16_t dp) : _saddr(s), _daddr(d), _sport(sp), _dport(dp) {}
    explicit IP6FlowID(const Packet *p, bool reverse = false);
    const IP6Address &saddr() const { return _saddr; }
    const IP6Address &daddr() const { return _daddr; }
    uint16_t sport() const { return _sport; }
    uint16_t dport() const { return _dport; }
    void set_saddr(const IP6Address &a) { _saddr = a; }
    void set_daddr(const IP6Address &a) { _daddr = a; }
    void set_sport(uint16_t p) { _sport = p; }
    void set_dport(uint16_t p) { _dport = p; }
    void assign(const IP6Address &s, uint16_t sp, const IP6Address &d, uint16_t dp) { *this = IP6FlowID(s, sp, d, dp); }
    IP6FlowID reverse() const { return IP6FlowID(_daddr, _dport, _saddr, _sport); }
    IP6FlowID rev() const { return reverse(); }
    explicit operator bool() const { return bool(_saddr) || bool(_daddr); }
    bool operator==(const IP6FlowID &x) const { return _sport == x._sport && _dport == x._dport && _saddr == x._saddr && _daddr == x._daddr; }
    bool operator!=(const IP6FlowID &x) const { return !(*this == x); }
    hashcode_t hashcode() const { return _saddr.hashcode() ^ (_daddr.hashcode() * 31) ^ (_sport << 16 | _dport); }
    String unparse() const;
    String s() const { return unparse(); }
  protected:
    IP6Address _saddr, _daddr;
    uint16_t _sport, _dport;
};
inline StringAccum &operator<<(StringAccum &sa, const IP6FlowID &f) { return sa << f.unparse(); }
CLICK_ENDDECLS
#endif
