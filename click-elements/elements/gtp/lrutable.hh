#ifndef LCLICK_LRUTABLE_HH
#define LCLICK_LRUTABLE_HH
#include <click/glue.hh>
#include <sys/mman.h>
#include <initializer_list>
#include <utility>
#ifdef __SSE2__
# include <emmintrin.h>
#endif
CLICK_DECLS

/** A hash table of at most @a capacity entries (below 2^24) that knows their order of use. Its memory is reserved once and
    touched as entries come, so that it never allocates afterwards and costs nothing while empty. K and V are plain
    data; K has operator== and hash(seed), V says how many of its bytes are used_always, by every use of the entry, and, where entries are
    sought by number, whether it is live(), which one of zeros is not.

    To move an entry to the front of the order touches its neighbours, which in a large table are not in the cache. So it
    is done at most once in @a grain units of the caller's clock; two entries may be out of order by that much. */
template <typename K, typename V> class LruTable {
    /** What every use looks at stands in front: with a V of which that is so too, it is one line of the cache. */
    struct alignas(64) Node { K key; uint32_t moved; V value; uint32_t next_free, newer, older; };
  public:
    LruTable() {}
    LruTable(const LruTable &) = delete;
    ~LruTable() { release(); }

    bool reserve(uint32_t capacity, uint32_t seed, uint32_t grain = 0) {
        release();
        uint32_t slots = group;
        while (slots < capacity + capacity / 2) slots *= 2;
        _nodes = (Node *) map(_node_bytes = (size_t) capacity * sizeof(Node));
        _slots = (uint32_t *) map(_slot_bytes = (size_t) slots * sizeof(uint32_t));
        if (!_nodes || !_slots) return false;
        _capacity = capacity, _mask = slots - 1, _seed = seed, _grain = grain;
        for (_index_bits = 1; capacity >> _index_bits; ) ++_index_bits;
        return true;
    }
    /** Have what @a x has, which then has what was here; both have room for as many. How exact the order of use is stays as it is. */
    void swap(LruTable &x) {
        std::swap(_nodes, x._nodes), std::swap(_slots, x._slots);
        std::swap(_node_bytes, x._node_bytes), std::swap(_slot_bytes, x._slot_bytes);
        for (uint32_t LruTable::*part : {&LruTable::_capacity, &LruTable::_mask, &LruTable::_index_bits, &LruTable::_seed, &LruTable::_size, &LruTable::_used, &LruTable::_free, &LruTable::_newest, &LruTable::_oldest})
            std::swap(this->*part, x.*part);
        std::swap(_large, x._large);
    }
    uint32_t size() const { return _size; }
    uint32_t capacity() const { return _capacity; }

    uint32_t hash(const K &k) const { return k.hash(_seed); }
    // For many packets at a time: first ask for all their slots, then for all their entries, then find() them.
    void prefetch_slot(uint32_t hash) const { ask_for(&_slots[home(hash)]); }
    /** Returns the entry's number, so far as can be told without looking at it; 0: there is none, or it is where one rarely is. */
    uint32_t prefetch_entry(uint32_t hash) const {
        uint32_t i = likely_index(hash);
        if (unlikely(!i)) i = index_beyond(hash);
        if (likely(i)) prefetch(i);
        return i;
    }
    /** The entry of this number. */
    void prefetch(uint32_t id) const {
        const char *n = reinterpret_cast<const char *>(&node(id));
        ask_for(n);
        if (offset() + V::used_always > 64) ask_for(n + 64);
    }

    V *find(const K &k) { return find(k, [this, &k] { return hash(k); }); }
    V *find(const K &k, uint32_t hash) { return find(k, [hash] { return hash; }); }
    /** It is probably number @a id, as prefetch_entry() said, whatever came and went since. */
    V *find_near(uint32_t id, const K &k) {
        V *v = find_at(id, k);
        return likely(v) ? v : find(k);
    }
    /** The entry of number @a id, which some entry once had, or 0, if it is @a k's. */
    V *find_at(uint32_t id, const K &k) { return likely(id && node(id).key == k && node(id).value.live()) ? &node(id).value : nullptr; }
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
        if (unlikely(_used == many && !_large)) use_large_pages();
        uint32_t i;
        if (_free) i = _free, _free = node(i).next_free;
        else i = ++_used;
        Node &n = node(i);
        n.next_free = 0;
        n.key = k;
        uint32_t h = k.hash(_seed), at = home(h);
        while (_slots[at]) at = (at + 1) & _mask;
        _slots[at] = tag_of(h) << _index_bits | i;
        link_newest(i, now);
        ++_size;
        return &n.value;
    }
    void erase(const K &k) {
        for (uint32_t h = k.hash(_seed), at = home(h); _slots[at]; at = (at + 1) & _mask)
            if (tag(_slots[at]) == tag_of(h) && node(index(_slots[at])).key == k) {
                uint32_t i = index(_slots[at]);
                close_gap(at);
                unlink(i);
                memset((void *) &node(i), 0, sizeof(Node));          // no more found by its number
                node(i).next_free = _free, _free = i;
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
    /** By number, those from @a from up to @a to, which are in no order: to go through all of them bit by bit, whatever comes and goes meanwhile. */
    template <typename F> void each_of(uint32_t from, uint32_t to, F f) const {
        for (uint32_t i = from; i <= to && i <= _used; ++i)
            if (node(i).value.live()) f(node(i).key, node(i).value);
    }
    /** The highest number that an entry can have now. */
    uint32_t last() const { return _used; }
    void clear() {
        wipe(_nodes, _node_bytes);
        wipe(_slots, _slot_bytes);
        _size = _used = _free = _newest = _oldest = 0;
    }

  private:
    enum { many = 2048, group = 16 };
    Node *_nodes = nullptr;
    /** Open addressing: some bits of the hash, so that other entries are not looked at, and an index from 1; 0 is none. Whose home a slot is it is
        sought from the start of its group on, which is a line of the cache. */
    uint32_t *_slots = nullptr;
    size_t _node_bytes = 0, _slot_bytes = 0;
    uint32_t _capacity = 0, _mask = 0, _index_bits = 1, _seed = 0, _grain = 0, _size = 0, _used = 0, _free = 0, _newest = 0, _oldest = 0;
    bool _large = false;

    static void *map(size_t n) {
        void *p = mmap(nullptr, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return p == MAP_FAILED ? nullptr : p;
    }
    /** Zero again; what is much is given back. */
    static void wipe(void *p, size_t n) {
        if (n > 65536) madvise(p, n, MADV_DONTNEED);
        else memset(p, 0, n);
    }
    void release() {
        if (_nodes) munmap(_nodes, _node_bytes);
        if (_slots) munmap(_slots, _slot_bytes);
        _nodes = nullptr, _slots = nullptr;
        _size = _used = _free = _newest = _oldest = 0;
    }
    static constexpr size_t offset() { return __builtin_offsetof(Node, value); }
    Node &node(uint32_t i) { return _nodes[i - 1]; }
    const Node &node(uint32_t i) const { return _nodes[i - 1]; }
    template <typename H> V *find(const K &k, H hash) {
        // Packets come in trains: what was used last is asked for most.
        if (!_newest) return nullptr;
        if (node(_newest).key == k) return &node(_newest).value;
        const uint32_t h = hash(), i = likely_index(h);
        if (likely(i && node(i).key == k)) return &node(i).value;
        for (uint32_t at = home(h); _slots[at]; at = (at + 1) & _mask)
            if (tag(_slots[at]) == tag_of(h) && node(index(_slots[at])).key == k) return &node(index(_slots[at])).value;
        return nullptr;
    }
    /** The empty statement keeps the compiler from taking a function that only prefetches for one without effect. */
    static void ask_for(const void *p) {
        __builtin_prefetch(p);
        __asm__ volatile("");
    }
    /** Those bits that its home is the least of. */
    uint32_t tag_of(uint32_t hash) const { return hash >> _index_bits; }
    uint32_t tag(uint32_t slot) const { return slot >> _index_bits; }
    uint32_t index(uint32_t slot) const { return slot & ~(~0U << _index_bits); }
    uint32_t home(uint32_t hash) const { return hash & _mask & ~(group - 1U); }
    /** The first entry of the home group with these bits of the hash, which is the right one nearly always if there is one; 0: none has. It
        does without jumps: what a processor guesses wrong here costs it the memory that it would have asked for meanwhile. */
    uint32_t likely_index(uint32_t hash) const {
        const uint32_t *const slots = _slots + home(hash), bits = tag_of(hash);
#ifdef __SSE2__
        static_assert(group == 16, "four vectors");
        const __m128i *const four = reinterpret_cast<const __m128i *>(slots), same = _mm_set1_epi32((int) bits), shift = _mm_cvtsi32_si128((int) _index_bits);
        const auto is = [&](int i) { return _mm_cmpeq_epi32(_mm_srl_epi32(four[i], shift), same); };
        const unsigned which = (unsigned) _mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(is(0), is(1)), _mm_packs_epi32(is(2), is(3))));
        return likely(which) ? index(slots[__builtin_ctz(which)]) : 0;
#else
        uint32_t found = 0;
        for (int i = group; i--; ) {
            const uint32_t mask = 0U - (uint32_t) (tag(slots[i]) == bits);
            found = (slots[i] & mask) | (found & ~mask);
        }
        return index(found);
#endif
    }
    /** The same of an entry whose home group was full. */
    uint32_t index_beyond(uint32_t hash) const {
        for (uint32_t at = home(hash); _slots[at]; at = (at + 1) & _mask)
            if (tag(_slots[at]) == tag_of(hash)) return index(_slots[at]);
        return 0;
    }
    /** With many entries most of the time goes into address translation: from here on in pages of 2 MB where the system has them. A table
        that stays small does not take as much. */
    void use_large_pages() {
        _large = true;
        if (_slot_bytes < (2U << 20)) return;
        uint32_t *old = _slots, *fresh = (uint32_t *) map(_slot_bytes);
        if (!fresh) return;
        madvise(fresh, _slot_bytes, MADV_HUGEPAGE);
        memcpy(fresh, old, _slot_bytes);
        munmap(old, _slot_bytes);
        _slots = fresh;
        madvise(_nodes, _node_bytes, MADV_HUGEPAGE);
    }
    /** Empties a slot; entries behind it that would not be found any more move up. */
    void close_gap(uint32_t gap) {
        for (uint32_t at = (gap + 1) & _mask; _slots[at]; at = (at + 1) & _mask) {
            uint32_t from = home(node(index(_slots[at])).key.hash(_seed));
            if (((at - from) & _mask) >= ((at - gap) & _mask)) {
                _slots[gap] = _slots[at];
                gap = at;
            }
        }
        _slots[gap] = 0;
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
