#ifndef LCLICK_TUNNELINDEX_HH
#define LCLICK_TUNNELINDEX_HH
#include "elements/gtp/gtpevent.hh"
#include "elements/gtp/lrutable.hh"
CLICK_DECLS

/** Which sessions have a tunnel that ends there: for what names a tunnel by its end alone (error indications, end markers, the control
    plane). It keeps 32 bits of a hash; who asks looks at the session itself. What does not fit is not there. */
class GTPTunnelIndex {
    struct Node { uint32_t print, session, chain; };
  public:
    GTPTunnelIndex() {}
    GTPTunnelIndex(const GTPTunnelIndex &) = delete;
    ~GTPTunnelIndex() { release(); }
    bool reserve(uint32_t capacity, uint32_t seed) {
        release();
        uint32_t buckets = 16;
        while (buckets < capacity) buckets *= 2;
        _bytes = (size_t) capacity * sizeof(Node) + (size_t) buckets * sizeof(uint32_t);
        void *p = mmap(nullptr, _bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) return false;
        _buckets = (uint32_t *) p, _nodes = (Node *) (_buckets + buckets);
        _capacity = capacity, _mask = buckets - 1, _seed = seed;
        return true;
    }
    uint32_t print(const GTPEndpoint &e) const {
        const uint64_t k = 0x9E3779B97F4A7C15ULL;
        uint64_t x = (e.address.word[0] * k ^ e.address.word[1]) * k;
        return lru_mix((x ^ x >> 29) + e.teid, _seed);
    }
    /** False if it is full. */
    bool insert(const GTPEndpoint &e, uint32_t session) {
        uint32_t i = _free;
        if (i) _free = _nodes[i - 1].chain;
        else if (_used < _capacity) i = ++_used;
        else return false;
        uint32_t h = print(e), &b = _buckets[h & _mask];
        _nodes[i - 1] = Node{h, session, b};
        b = i;
        return true;
    }
    void erase(const GTPEndpoint &e, uint32_t session) {
        uint32_t h = print(e);
        for (uint32_t *p = &_buckets[h & _mask]; *p; p = &_nodes[*p - 1].chain)
            if (_nodes[*p - 1].print == h && _nodes[*p - 1].session == session) {
                uint32_t i = *p;
                *p = _nodes[i - 1].chain;
                _nodes[i - 1].chain = _free, _free = i;
                return;
            }
    }
    /** The first of the sessions for which @a is(session) holds; 0 if there is none. */
    template <typename F> uint32_t find(const GTPEndpoint &e, F is) const {
        uint32_t h = print(e);
        for (uint32_t i = _buckets[h & _mask]; i; i = _nodes[i - 1].chain)
            if (_nodes[i - 1].print == h && is(_nodes[i - 1].session)) return _nodes[i - 1].session;
        return 0;
    }
    void swap(GTPTunnelIndex &x) {
        std::swap(_buckets, x._buckets), std::swap(_nodes, x._nodes), std::swap(_bytes, x._bytes);
        for (uint32_t GTPTunnelIndex::*part : {&GTPTunnelIndex::_capacity, &GTPTunnelIndex::_mask, &GTPTunnelIndex::_seed, &GTPTunnelIndex::_used, &GTPTunnelIndex::_free})
            std::swap(this->*part, x.*part);
    }
    void clear() {
        if (_buckets) madvise(_buckets, _bytes, MADV_DONTNEED);
        _used = _free = 0;
    }

  private:
    uint32_t *_buckets = nullptr;
    Node *_nodes = nullptr;
    size_t _bytes = 0;
    uint32_t _capacity = 0, _mask = 0, _seed = 0, _used = 0, _free = 0;
    void release() {
        if (_buckets) munmap(_buckets, _bytes);
        _buckets = nullptr;
    }
};

CLICK_ENDDECLS
#endif
