#ifndef LCLICK_LRUTABLE_HH
#define LCLICK_LRUTABLE_HH
#include <click/glue.hh>
#include <sys/mman.h>
CLICK_DECLS

/** A hash table of at most @a capacity entries that knows their order of use. Its memory is reserved once and
    touched as entries come, so that it never allocates afterwards and costs nothing while empty. K and V are plain
    data; K has operator== and hash(seed). */
template <typename K, typename V> class LruTable {
    struct Node { K key; V value; uint32_t chain, newer, older; };
  public:
    LruTable() {}
    LruTable(const LruTable &) = delete;
    ~LruTable() { release(); }

    bool reserve(uint32_t capacity, uint32_t seed) {
        release();
        uint32_t buckets = 16;
        while (buckets < capacity) buckets *= 2;
        _nodes = (Node *) map(_node_bytes = (size_t) capacity * sizeof(Node));
        _buckets = (uint32_t *) map(_bucket_bytes = (size_t) buckets * sizeof(uint32_t));
        if (!_nodes || !_buckets) return false;
        _capacity = capacity, _mask = buckets - 1, _seed = seed;
        return true;
    }
    uint32_t size() const { return _size; }
    uint32_t capacity() const { return _capacity; }

    V *find(const K &k) {
        // Packets come in trains: what was used last is asked for most.
        if (!_newest) return nullptr;
        if (node(_newest).key == k) return &node(_newest).value;
        for (uint32_t i = _buckets[k.hash(_seed) & _mask]; i; i = node(i).chain)
            if (node(i).key == k) return &node(i).value;
        return nullptr;
    }
    /** Find and make it the most recently used. */
    V *use(const K &k) {
        V *v = find(k);
        if (v) touch(v);
        return v;
    }
    void touch(V *v) {
        uint32_t i = index_of(v);
        if (i != _newest) { unlink(i); link_newest(i); }
    }
    /** A new, zeroed entry for a key that is not there; the least recently used one makes room (@a evicted). */
    V *insert(const K &k, bool *evicted = nullptr) {
        bool full = !_free && _used == _capacity;
        if (evicted) *evicted = full;
        if (full) erase_oldest();
        uint32_t i;
        if (_free) i = _free, _free = node(i).chain;
        else i = ++_used;
        Node &n = node(i);
        memset((void *) &n, 0, sizeof n);
        n.key = k;
        uint32_t &b = _buckets[k.hash(_seed) & _mask];
        n.chain = b, b = i;
        link_newest(i);
        ++_size;
        return &n.value;
    }
    void erase(const K &k) {
        for (uint32_t *p = &_buckets[k.hash(_seed) & _mask]; *p; p = &node(*p).chain)
            if (node(*p).key == k) {
                uint32_t i = *p;
                *p = node(i).chain;
                unlink(i);
                node(i).chain = _free, _free = i;
                --_size;
                return;
            }
    }
    void erase_oldest() { if (_oldest) { K k = node(_oldest).key; erase(k); } }
    V *oldest() { return _oldest ? &node(_oldest).value : nullptr; }
    const K &key_of(const V *v) const { return ((const Node *) ((const char *) v - offset()))->key; }
    /** Oldest first. */
    template <typename F> void each(F f) const {
        for (uint32_t i = _oldest; i; i = node(i).newer) f(node(i).key, node(i).value);
    }
    void clear() {
        madvise(_nodes, _node_bytes, MADV_DONTNEED);       // zero again, and the memory is given back
        madvise(_buckets, _bucket_bytes, MADV_DONTNEED);
        _size = _used = _free = _newest = _oldest = 0;
    }

  private:
    Node *_nodes = nullptr;
    uint32_t *_buckets = nullptr;        // indices from 1; 0 is none
    size_t _node_bytes = 0, _bucket_bytes = 0;
    uint32_t _capacity = 0, _mask = 0, _seed = 0, _size = 0, _used = 0, _free = 0, _newest = 0, _oldest = 0;

    static void *map(size_t n) {
        void *p = mmap(nullptr, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return p == MAP_FAILED ? nullptr : p;
    }
    void release() {
        if (_nodes) munmap(_nodes, _node_bytes);
        if (_buckets) munmap(_buckets, _bucket_bytes);
        _nodes = nullptr, _buckets = nullptr;
        _size = _used = _free = _newest = _oldest = 0;
    }
    static constexpr size_t offset() { return __builtin_offsetof(Node, value); }
    Node &node(uint32_t i) { return _nodes[i - 1]; }
    const Node &node(uint32_t i) const { return _nodes[i - 1]; }
    uint32_t index_of(const V *v) const { return (uint32_t) ((const Node *) ((const char *) v - offset()) - _nodes) + 1; }
    void unlink(uint32_t i) {
        Node &n = node(i);
        (n.newer ? node(n.newer).older : _newest) = n.older;
        (n.older ? node(n.older).newer : _oldest) = n.newer;
    }
    void link_newest(uint32_t i) {
        Node &n = node(i);
        n.newer = 0, n.older = _newest;
        (_newest ? node(_newest).newer : _oldest) = i;
        _newest = i;
    }
};

/** Keys come from packets: the seed keeps a sender from choosing collisions. */
inline uint32_t lru_mix(uint64_t x, uint32_t seed) {
    x ^= (uint64_t) seed << 32 | seed;
    x *= 0x9E3779B97F4A7C15ULL, x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93ULL, x ^= x >> 32;
    return (uint32_t) x;
}

CLICK_ENDDECLS
#endif
