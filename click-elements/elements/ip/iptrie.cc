#include <click/config.h>
#include "iptrie.hh"
#include <sys/mman.h>
CLICK_DECLS

IPTrie::IPTrie(const uint8_t *b) : _root_bits(b[0]), _root_shift(32 - b[0]) {
    int left = _root_shift;
    for (++b; *b; ++b, ++_nlevels) {
        left -= *b;
        _levels[_nlevels] = Level{nullptr, (1U << *b) - 1, *b, (uint8_t) left};
    }
}

bool IPTrie::reserve() {
    if (_root) return true;
    // Touched as routes come: a wide root costs only what routes there are.
    void *p = mmap(nullptr, sizeof(uint32_t) << _root_bits, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return false;
    _root = (uint32_t *) p;
    return true;
}

void IPTrie::release() {
    if (_root) munmap(_root, sizeof(uint32_t) << _root_bits);
    _root = nullptr;
}

void IPTrie::clear() {
    if (_root) madvise(_root, sizeof(uint32_t) << _root_bits, MADV_DONTNEED);
    for (int i = 0; i < _nlevels; ++i) {
        Vector<uint32_t>().swap(_pool[i]);
        Vector<uint32_t>().swap(_free[i]);
    }
}

size_t IPTrie::memory() const {
    size_t n = sizeof(uint32_t) << _root_bits;
    for (int i = 0; i < _nlevels; ++i) n += _pool[i].size() * sizeof(uint32_t);
    return n;
}

/** A node of @a level, all of it @a e; returns its number. */
uint32_t IPTrie::make(int level, uint32_t e) {
    uint32_t size = 1U << _levels[level].bits, n;
    Vector<uint32_t> &pool = _pool[level];
    if (!_free[level].empty()) {
        n = _free[level].back();
        _free[level].pop_back();
        for (uint32_t i = 0; i < size; ++i) pool[n * size + i] = e;
    } else {
        n = pool.size() / size;
        for (uint32_t i = 0; i < size; ++i) pool.push_back(e);
        _levels[level].entries = pool.begin();
    }
    return n;
}

void IPTrie::cover(int level, uint32_t s, uint8_t len, uint32_t route) {
    uint32_t e = at(level, s);
    if (e & child)
        for (uint32_t i = 0, b = first(level + 1, e); i <= _levels[level + 1].mask; ++i) cover(level + 1, b + i, len, route);
    else if (!e || _length[e] <= len)
        at(level, s) = route;
}

void IPTrie::insert(uint32_t a, int len, uint32_t route) {
    if ((int) route >= _length.size()) _length.resize(route + 1, 0);
    _length[route] = (uint8_t) len;
    int level = -1;
    uint32_t base = 0;
    while (32 - len < shift(level)) {           // the route is longer than this level tells apart
        uint32_t s = slot(level, base, a), e = at(level, s);
        if (!(e & child)) {
            e = make(level + 1, e) | child;
            at(level, s) = e;
        }
        base = first(++level, e);
    }
    uint32_t n = 1U << (32 - len - shift(level)), s = slot(level, base, a);
    for (uint32_t i = 0; i < n; ++i) cover(level, s + i, (uint8_t) len, route);
}

/** Free the node at @a s if one entry would do. */
void IPTrie::collapse(int level, uint32_t s) {
    uint32_t e = at(level, s), b = first(level + 1, e), x = _pool[level + 1][b];
    if (x & child) return;
    for (uint32_t i = 1; i <= _levels[level + 1].mask; ++i)
        if (_pool[level + 1][b + i] != x) return;
    _free[level + 1].push_back(e & ~child);
    at(level, s) = x;
}

void IPTrie::replace(int level, uint32_t s, uint32_t route, uint32_t instead) {
    uint32_t e = at(level, s);
    if (e & child) {
        for (uint32_t i = 0, b = first(level + 1, e); i <= _levels[level + 1].mask; ++i) replace(level + 1, b + i, route, instead);
        collapse(level, s);
    } else if (e == route)
        at(level, s) = instead;
}

void IPTrie::remove(uint32_t a, int len, uint32_t route, uint32_t instead) {
    uint32_t path[max_levels], base = 0;
    int level = -1;
    while (32 - len < shift(level)) {
        uint32_t s = slot(level, base, a), e = at(level, s);
        if (!(e & child)) return;               // it was never inserted
        path[level + 1] = s;
        base = first(++level, e);
    }
    uint32_t n = 1U << (32 - len - shift(level)), s = slot(level, base, a);
    for (uint32_t i = 0; i < n; ++i) replace(level, s + i, route, instead);
    while (--level >= -1) collapse(level, path[level + 1]);
}

CLICK_ENDDECLS
