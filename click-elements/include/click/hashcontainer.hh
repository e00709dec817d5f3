// HashContainer<T>: a hash table of T objects chained through T::_hashnext, found by T::hashkey(). It owns nothing.
#ifndef CLICK_HASHCONTAINER_HH
#define CLICK_HASHCONTAINER_HH
#include <click/hashallocator.hh>
#include <click/hashcode.hh>
#include <click/vector.hh>
CLICK_DECLS

template <typename T> struct HashContainer_adapter {
    typedef typename T::key_type key_type;
    typedef typename T::key_const_reference key_const_reference;
    static void set_hashnext(T *x, T *next) { x->_hashnext = next; }
    static T *hashnext(const T *x) { return x->_hashnext; }
    static key_const_reference hashkey(const T *x) { return x->hashkey(); }
    template <typename K> static bool hashkeyeq(const K &a, const K &b) { return a == b; }
};

template <typename T, typename A = HashContainer_adapter<T>> class HashContainer { public:
    typedef typename A::key_type key_type;
    typedef typename A::key_const_reference key_const_reference;
    typedef T value_type;
    typedef size_t size_type;
    enum { initial_bucket_count = 63, max_bucket_count = 4194303 };

    template <typename U> class basic_iterator { public:
        basic_iterator() : _x(nullptr), _b(0), _c(nullptr) {}
        basic_iterator(U *x, size_t b, const HashContainer *c) : _x(x), _b(b), _c(c) { if (c && !x) settle(); }
        operator basic_iterator<const T>() const { basic_iterator<const T> i; i._x = _x, i._b = _b, i._c = _c; return i; }
        U *get() const { return _x; }
        U *operator->() const { return _x; }
        U &operator*() const { return *_x; }
        bool live() const { return _x; }
        explicit operator bool() const { return _x; }
        basic_iterator &operator++() { _x = A::hashnext(_x); if (!_x) ++_b, settle(); return *this; }
        void operator++(int) { ++*this; }
        bool operator==(const basic_iterator &x) const { return _x == x._x; }
        bool operator!=(const basic_iterator &x) const { return _x != x._x; }
        bool can_insert() const { return !_x; }
      private:
        friend class HashContainer;
        template <typename> friend class basic_iterator;
        U *_x;
        size_t _b;
        const HashContainer *_c;
        void settle() { while (_b < _c->bucket_count() && !(_x = _c->_buckets[_b])) ++_b; }
    };
    typedef basic_iterator<T> iterator;
    typedef basic_iterator<const T> const_iterator;

    HashContainer() : HashContainer(initial_bucket_count) {}
    explicit HashContainer(size_t n) { _buckets.assign(round(n), nullptr); }
    HashContainer(const HashContainer &) = delete;
    HashContainer &operator=(const HashContainer &) = delete;

    size_t size() const { return _n; }
    bool empty() const { return !_n; }
    size_t bucket_count() const { return (size_t) _buckets.size(); }
    size_t bucket_size(size_t b) const { size_t n = 0; for (T *x = _buckets[b]; x; x = A::hashnext(x)) ++n; return n; }
    size_t bucket(const key_type &k) const { uint32_t h = hashcode(k) * 0x9E3779B1U; return (h ^ (h >> 15)) & (bucket_count() - 1); }
    iterator begin() { return iterator(nullptr, 0, this); }
    iterator end() { return iterator(nullptr, bucket_count(), this); }
    const_iterator begin() const { return const_iterator(nullptr, 0, this); }
    const_iterator end() const { return const_iterator(nullptr, bucket_count(), this); }
    iterator begin(size_t b) { iterator i; i._x = _buckets[b], i._b = b, i._c = this; return i; }
    const_iterator begin(size_t b) const { const_iterator i; i._x = _buckets[b], i._b = b, i._c = this; return i; }
    bool contains(const key_type &k) const { return get(k); }
    size_t count(const key_type &k) const { return get(k) != nullptr; }
    T *get(const key_type &k) const { return lookup(bucket(k), k); }
    /** What has the key; else a dead iterator at which it can be inserted with set(). */
    iterator find(const key_type &k) { iterator i; i._b = bucket(k), i._c = this, i._x = lookup(i._b, k); return i; }
    const_iterator find(const key_type &k) const { const_iterator i; i._b = bucket(k), i._c = this, i._x = lookup(i._b, k); return i; }
    iterator find_prefer(const key_type &k) {
        iterator i = find(k);
        if (i._x && _buckets[i._b] != i._x) { unlink(i._b, i._x); A::set_hashnext(i._x, _buckets[i._b]); _buckets[i._b] = i._x; }
        return i;
    }
    /** Put @a x in the place that find() of its key gave; returns what was there. @a x null: take out what is there. */
    T *set(iterator &it, T *x, bool balance = false) {
        T *old = it._x;
        if (old == x) return old;
        if (old) unlink(it._b, old), --_n;
        if (x) { A::set_hashnext(x, _buckets[it._b]); _buckets[it._b] = x; ++_n; }
        if (old) A::set_hashnext(old, nullptr);
        it._x = x;
        if (x && !old && balance && unbalanced()) { rehash(_n * 2); it._b = bucket(A::hashkey(x)); }
        return old;
    }
    T *set(T *x) { iterator it = find(A::hashkey(x)); return set(it, x, true); }
    void insert_at(iterator &it, T *x) { A::set_hashnext(x, _buckets[it._b]); _buckets[it._b] = x; ++_n; it._x = x; }
    T *erase(const iterator &it) {
        T *x = it._x;
        if (x) { const_cast<iterator &>(it)._x = A::hashnext(x); size_t b = it._b; unlink(b, x); --_n; if (!it._x) { ++const_cast<iterator &>(it)._b; const_cast<iterator &>(it).settle(); } }
        return x;
    }
    T *erase(const key_type &k) { iterator it = find(k); return erase(it); }
    void clear() { for (T *&b : _buckets) b = nullptr; _n = 0; }
    bool unbalanced() const { return _n > 2 * bucket_count() && bucket_count() < max_bucket_count; }
    void balance() { if (unbalanced()) rehash(_n * 2); }
    void rehash(size_t n) {
        Vector<T *> old((int) round(n), nullptr);
        old.swap(_buckets);
        for (T *x : old)
            while (T *y = x) { x = A::hashnext(y); T *&b = _buckets[(int) bucket(A::hashkey(y))]; A::set_hashnext(y, b); b = y; }
    }
    void swap(HashContainer &x) { _buckets.swap(x._buckets); std::swap(_n, x._n); }

  private:
    Vector<T *> _buckets;
    size_t _n = 0;
    static size_t round(size_t n) { size_t r = 16; while (r < n && r < max_bucket_count) r *= 2; return r; }
    T *lookup(size_t b, const key_type &k) const { for (T *x = _buckets[b]; x; x = A::hashnext(x)) if (A::hashkeyeq(A::hashkey(x), k)) return x; return nullptr; }
    void unlink(size_t b, T *x) {
        if (_buckets[b] == x) { _buckets[b] = A::hashnext(x); return; }
        for (T *y = _buckets[b]; y; y = A::hashnext(y))
            if (A::hashnext(y) == x) { A::set_hashnext(y, A::hashnext(x)); return; }
    }
};
template <typename T, typename A = HashContainer_adapter<T>> using HashContainer_iterator = typename HashContainer<T, A>::iterator;
template <typename T, typename A = HashContainer_adapter<T>> using HashContainer_const_iterator = typename HashContainer<T, A>::const_iterator;
CLICK_ENDDECLS
#endif
