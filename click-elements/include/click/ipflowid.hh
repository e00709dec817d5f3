// IPFlowID: addresses and ports of a flow, in network byte order.
#ifndef CLICK_IPFLOWID_HH
#define CLICK_IPFLOWID_HH
#include <click/ipaddress.hh>
CLICK_DECLS
class Packet;
struct click_ip;

class IPFlowID { public:
    typedef uninitialized_type uninitialized_t;
    IPFlowID(const uninitialized_t &) {}
    explicit IPFlowID(const click_ip *iph, bool reverse = false);
    void set_saddr(IPAddress a) { _saddr = a; }
    void set_daddr(IPAddress a) { _daddr = a; }
    void set_sport(uint16_t p) { _sport = p; }
    void set_dport(uint16_t p) { _dport = p; }
    void assign(IPAddress s, uint16_t sp, IPAddress d, uint16_t dp) { *this = IPFlowID(s, sp, d, dp); }
    IPFlowID rev() const { return reverse(); }
    String s() const { return unparse(); }
    /** To @a s, which has at least 50 bytes; returns the length. */
    int unparse(char *s) const;
    IPFlowID() : _sport(0), _dport(0) {}
    IPFlowID(IPAddress s, uint16_t sp, IPAddress d, uint16_t dp) : _saddr(s), _daddr(d), _sport(sp), _dport(dp) {}
    explicit IPFlowID(const Packet *p, bool reverse = false);
    IPAddress saddr() const { return _saddr; }
    IPAddress daddr() const { return _daddr; }
    uint16_t sport() const { return _sport; }
    uint16_t dport() const { return _dport; }
    IPFlowID reverse() const { return IPFlowID(_daddr, _dport, _saddr, _sport); }
    explicit operator bool() const { return _saddr.addr() || _daddr.addr(); }
    bool operator==(const IPFlowID &x) const { return _saddr == x._saddr && _daddr == x._daddr && _sport == x._sport && _dport == x._dport; }
    bool operator!=(const IPFlowID &x) const { return !(*this == x); }
    hashcode_t hashcode() const { return _saddr.addr() ^ (_daddr.addr() * 31) ^ (_sport << 16 | _dport); }
    String unparse() const;
  protected:
    IPAddress _saddr, _daddr;
    uint16_t _sport, _dport;
};

inline StringAccum &operator<<(StringAccum &sa, const IPFlowID &f) { return sa << f.unparse(); }

CLICK_ENDDECLS
#endif
