#ifndef LCLICK_IPRWFLOWS_HH
#define LCLICK_IPRWFLOWS_HH
#include <click/ipaddress.hh>
#include <click/timestamp.hh>
CLICK_DECLS

/** Addresses and ports (in network order) and protocol of packets that go one way. */
struct IPRWKey {
    uint32_t saddr, daddr;
    uint16_t sport, dport;
    uint32_t proto;
    bool operator==(const IPRWKey &x) const { return memcmp(this, &x, sizeof x) == 0; }
    IPRWKey reverse() const { return IPRWKey{daddr, saddr, dport, sport, proto}; }
    String unparse() const;
};

/** A flow: what its packets are on the way forward (0) and, as replies, back (1). A packet of one way leaves as the reverse of the other's key. */
struct IPRWFlow {
    enum { data0 = 1, data1 = 2, fin0 = 4, fin1 = 8, reset = 16 };
    enum Class { tcp_nodata, tcp, tcp_done, udp, udp_streaming, nclasses };
    IPRWKey key[2];
    uint32_t chain[2], older, newer;
    uint32_t used;                   // seconds
    uint16_t output[2];
    uint16_t ip_delta[2], transport_delta[2];    // what the rewriting adds to sums
    uint16_t input;
    uint8_t flags, klass, packets[2];
    IPRWKey rewritten(int way) const { return key[1 - way].reverse(); }
};

/** Flows in memory that is reserved once, found by either key with one look, in lists by how long they may idle. */
class IPRWFlows { public:
    IPRWFlows() {}
    ~IPRWFlows() { release(); }
    IPRWFlows(const IPRWFlows &) = delete;
    bool reserve(uint32_t capacity);
    uint32_t size() const { return _size; }
    uint32_t capacity() const { return _capacity; }
    uint32_t timeouts[IPRWFlow::nclasses], guarantee[2];      // seconds; guarantee of TCP, UDP

    static uint32_t now() { return (uint32_t) (Timestamp::recent_steady().nsecval() / 1000000000); }
    IPRWFlow *find(const IPRWKey &k, int &way) const {
        for (uint32_t i = _buckets[bucket(k)]; i; ) {
            IPRWFlow &f = _flows[i >> 1];
            way = i & 1;
            if (likely(f.key[way] == k)) return &f;
            i = f.chain[way];
        }
        return nullptr;
    }
    bool expired(const IPRWFlow &f, uint32_t t) const { return t - f.used >= timeouts[f.klass]; }
    int32_t left(const IPRWFlow &f, uint32_t t) const { return (int32_t) (timeouts[f.klass] - (t - f.used)); }
    /** A packet passed. Lists are kept in order to a second or so. */
    void touch(IPRWFlow *f, uint8_t klass, uint32_t t) {
        if (unlikely(f->klass != klass || f->used != t)) {
            unlink(f);
            f->klass = klass, f->used = t;
            link(f);
        }
    }
    /** A flow with keys that no flow has; null if all are guaranteed. */
    IPRWFlow *insert(const IPRWKey &forward, const IPRWKey &back, uint8_t klass, uint32_t t);
    void erase(IPRWFlow *f);
    void clear();
    /** Erase what has timed out; @a gone is told of each. */
    template <typename F> void expire(uint32_t t, F gone) {
        for (int c = 0; c < IPRWFlow::nclasses; ++c)
            while (_oldest[c] && expired(_flows[_oldest[c]], t)) {
                gone(&_flows[_oldest[c]]);
                erase(&_flows[_oldest[c]]);
            }
    }
    /** Which flow would make room now: the longest idle one that is not guaranteed, or null. */
    IPRWFlow *victim(uint32_t t) const;
    bool full() const { return !_free && _used == _capacity; }
    template <typename F> void each(F f) const {
        for (int c = 0; c < IPRWFlow::nclasses; ++c)
            for (uint32_t i = _oldest[c]; i; i = _flows[i].newer) f(_flows[i]);
    }

  private:
    IPRWFlow *_flows = nullptr;      // from 1
    uint32_t *_buckets = nullptr;    // flow * 2 + way; 0: none
    size_t _flow_bytes = 0, _bucket_bytes = 0;
    uint32_t _capacity = 0, _mask = 0, _seed = 0, _size = 0, _used = 0, _free = 0;
    uint32_t _oldest[IPRWFlow::nclasses] = {}, _newest[IPRWFlow::nclasses] = {};

    uint32_t bucket(const IPRWKey &k) const {
        uint64_t x;
        memcpy(&x, &k.saddr, 8);
        x = (x ^ _seed) * 0x9E3779B97F4A7C15ULL;
        x ^= x >> 32;
        x += (uint64_t) k.sport << 32 | (uint32_t) k.dport << 8 | k.proto;
        x *= 0xD6E8FEB86659FD93ULL;
        return (uint32_t) (x >> 32) & _mask;
    }
    void hash(IPRWFlow *f, int way);
    void unhash(IPRWFlow *f, int way);
    void link(IPRWFlow *f);
    void unlink(IPRWFlow *f);
    void release();
};

CLICK_ENDDECLS
#endif
