#ifndef LCLICK_LRUTABLE_HH
#define LCLICK_LRUTABLE_HH
#include <click/glue.hh>
#include <sys/mman.h>
CLICK_DECLS

/** A hash table of at most @a capacity entries that knows their order of use. Its memory is reserved once and
    touched as entries come, so that it never allocates afterwards and costs nothing while empty. K and V are plain
    data; K has operator== and hash(seed).

    To move an entry to the front of the order touches its neighbours, which in a large table are not in the cache. So it
    is done at most once in @a grain units of the caller's clock; two entries may be out of order by that much. */
template <typename K, typename V> class LruTable {
    struct alignas(64) Node { K key; uint32_t chain, newer, older, moved; V value; };
  public:
    LruTable() {}
    LruTable(const LruTable &) = delete;
    ~LruTable() { release(); }

    bool reserve(uint32_t capacity, uint32_t seed, uint32_t grain = 0) {
        release();
        uint32_t buckets = 16;
        while (buckets < capacity + capacity / 2) buckets *= 2;
        _nodes = (Node *) map(_node_bytes = (size_t) capacity * sizeof(Node));
        _buckets = (uint32_t *) map(_bucket_bytes = (size_t) buckets * sizeof(uint32_t));
        if (!_nodes || !_buckets) return false;
        _capacity = capacity, _mask = buckets - 1, _seed = seed, _grain = grain;
        return true;
    }
    uint32_t size() const { return _size; }
    uint32_t capacity() const { return _capacity; }

    uint32_t hash(const K &k) const { return k.hash(_seed); }
    // For many packets at a time: first ask for all their buckets, then for all their entries, then find() them.
    void prefetch_bucket(uint32_t hash) const { __builtin_prefetch(&_buckets[hash & _mask]); }
    void prefetch_entry(uint32_t hash) const {
        uintptr_t at = (uintptr_t) _nodes + (uintptr_t) _buckets[hash & _mask] * sizeof(Node) - sizeof(Node);        // of none: harmless
        const char *n = reinterpret_cast<const char *>(at);
        __builtin_prefetch(n);
        if (sizeof(Node) > 64) __builtin_prefetch(n + 64);
    }

    V *find(const K &k) { return find(k, [this, &k] { return hash(k); }); }
    V *find(const K &k, uint32_t hash) { return find(k, [hash] { return hash; }); }
    /** Find and make it the most recently used. */
    V *use(const K &k, uint32_t now) { return used(find(k), now); }
    V *use(const K &k, uint32_t hash, uint32_t now) { return used(find(k, hash), now); }
    void touch(V *v, uint32_t now) {
        uint32_t i = id(v);
        if (i == _newest || (_grain && now - node(i).moved < _grain)) return;
        unlink(i);
        link_newest(i, now);
    }
    /** A new, zeroed entry for a key that is not there; the least recently used one makes room (@a evicted). */
    V *insert(const K &k, uint32_t now, bool *evicted = nullptr) {
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
        link_newest(i, now);
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
    V *next_newer(V *v) { uint32_t i = node(id(v)).newer; return i ? &node(i).value : nullptr; }
    const K &key_of(const V *v) const { return ((const Node *) ((const char *) v - offset()))->key; }
    /** A number from 1 that stays an entry's as long as it is there. */
    uint32_t id(const V *v) const { return (uint32_t) ((const Node *) ((const char *) v - offset()) - _nodes) + 1; }
    V &at(uint32_t id) { return node(id).value; }
    const V &at(uint32_t id) const { return node(id).value; }
    const K &key_at(uint32_t id) const { return node(id).key; }
    /** The oldest entry that has been idle for more than @a timeout, by its value's last_seen; null if there is none. One that was used
        since it was put in order is put where it belongs, of which there are at most @a budget. */
    V *idle(uint32_t now, uint32_t timeout, int &budget) {
        for (; _oldest && budget > 0; --budget) {
            Node &n = node(_oldest);
            if (now - n.value.last_seen > timeout) return &n.value;
            if (!_grain || now - n.moved < _grain || _oldest == _newest) return nullptr;
            uint32_t i = _oldest;
            unlink(i);
            link_newest(i, now);
        }
        return nullptr;
    }
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
    uint32_t _capacity = 0, _mask = 0, _seed = 0, _grain = 0, _size = 0, _used = 0, _free = 0, _newest = 0, _oldest = 0;

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
    template <typename H> V *find(const K &k, H hash) {
        // Packets come in trains: what was used last is asked for most.
        if (!_newest) return nullptr;
        if (node(_newest).key == k) return &node(_newest).value;
        for (uint32_t i = _buckets[hash() & _mask]; i; i = node(i).chain)
            if (node(i).key == k) return &node(i).value;
        return nullptr;
    }
    V *used(V *v, uint32_t now) {
        if (v) touch(v, now);
        return v;
    }
    void unlink(uint32_t i) {
        Node &n = node(i);
        (n.newer ? node(n.newer).older : _newest) = n.older;
        (n.older ? node(n.older).newer : _oldest) = n.newer;
    }
    void link_newest(uint32_t i, uint32_t now) {
        Node &n = node(i);
        n.newer = 0, n.older = _newest, n.moved = now;
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
