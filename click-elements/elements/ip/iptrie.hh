#ifndef LCLICK_IPTRIE_HH
#define LCLICK_IPTRIE_HH
#include <click/vector.hh>
CLICK_DECLS

/** Longest-prefix match in a trie of a few wide levels. Each entry holds the route of its addresses, or a node of the next
    level where routes are longer than this one tells apart, so that a lookup is one load a level and never goes back.
    Addresses are in host order; routes are numbers from 1 to 2^31 - 1, 0 is none. */
class IPTrie { public:
    /** @a bits: of the levels, ended by 0; their sum is 32. */
    explicit IPTrie(const uint8_t *bits);
    ~IPTrie() { release(); }
    IPTrie(const IPTrie &) = delete;
    /** False if out of memory. */
    bool reserve();
    void clear();
    uint32_t lookup(uint32_t a) const {
        uint32_t e = _root[a >> _root_shift];
        for (const Level *l = _levels; unlikely(e & child); ++l)
            e = l->entries[((e & ~child) << l->bits) | (a >> l->shift & l->mask)];
        return e;
    }
    void insert(uint32_t a, int len, uint32_t route);
    /** @a instead: the longest route that holds a/len and is shorter. */
    void remove(uint32_t a, int len, uint32_t route, uint32_t instead);
    /** Bytes in use, for tests and the curious. */
    size_t memory() const;

  private:
    static constexpr uint32_t child = 0x80000000U;
    enum { max_levels = 8 };
    struct Level { const uint32_t *entries; uint32_t mask; uint8_t bits, shift; };
    Level _levels[max_levels] = {};             // after the root
    uint32_t *_root = nullptr;
    int _root_bits, _root_shift, _nlevels = 0;
    Vector<uint32_t> _pool[max_levels], _free[max_levels];
    Vector<uint8_t> _length;                    // of each route

    uint32_t &at(int level, uint32_t slot) { return level < 0 ? _root[slot] : _pool[level][slot]; }
    int bits(int level) const { return level < 0 ? _root_bits : _levels[level].bits; }
    int shift(int level) const { return level < 0 ? _root_shift : _levels[level].shift; }
    uint32_t slot(int level, uint32_t base, uint32_t a) const { return base | (a >> shift(level) & ((1U << bits(level)) - 1)); }
    uint32_t first(int level, uint32_t e) const { return (e & ~child) << _levels[level].bits; }
    uint32_t make(int level, uint32_t e);
    void cover(int level, uint32_t slot, uint8_t len, uint32_t route);
    void replace(int level, uint32_t slot, uint32_t route, uint32_t instead);
    void collapse(int level, uint32_t slot);
    void release();
};

CLICK_ENDDECLS
#endif
