// HashTable<K, V>: a chained hash table (operator[] inserts, get() does not). HashTable<T>: the same for whole objects that
// carry their key (T::key_type, T::hashkey()).
#ifndef CLICK_HASHTABLE_HH
#define CLICK_HASHTABLE_HH
#include <click/hashcontainer.hh>
#include <click/pair.hh>
#include <click/vector.hh>
CLICK_DECLS

template <typename K, typename V = void> class HashTable;

template <typename T> class HashTable<T, void> {
    struct Node { T x; Node *next; };
  public:
    typedef typename T::key_type key_type;
    typedef T value_type;
    typedef size_t size_type;

    template <typename U> class basic_iterator { public:
        basic_iterator() : _t(nullptr), _b(0), _n(nullptr) {}
        basic_iterator(const HashTable *t, int b, Node *n) : _t(t), _b(b), _n(n) { settle(); }
        operator basic_iterator<const T>() const { basic_iterator<const T> i; i._t = _t, i._b = _b, i._n = _n; return i; }
        bool live() const { return _n; }
        explicit operator bool() const { return live(); }
        U *get() const { return _n ? &_n->x : nullptr; }
        U *operator->() const { return &_n->x; }
        U &operator*() const { return _n->x; }
        void operator++() { _n = _n->next; if (!_n) ++_b, settle(); }
        void operator++(int) { ++*this; }
        bool operator==(const basic_iterator &x) const { return _n == x._n; }
        bool operator!=(const basic_iterator &x) const { return _n != x._n; }
      private:
        friend class HashTable;
        template <typename> friend class basic_iterator;
        const HashTable *_t; int _b; Node *_n;
        void settle() { while (!_n && _b < _t->_buckets.size() && !(_n = _t->_buckets[_b])) ++_b; }
    };
    typedef basic_iterator<T> iterator;
    typedef basic_iterator<const T> const_iterator;

    HashTable() {}
    HashTable(const HashTable &x) { *this = x; }
    HashTable(HashTable &&x) noexcept { swap(x); }
    HashTable &operator=(const HashTable &x) {
        if (&x != this) { clear(); for (const Node *b : x._buckets) for (; b; b = b->next) find_insert(b->x); }
        return *this;
    }
    HashTable &operator=(HashTable &&x) noexcept { swap(x); return *this; }
    ~HashTable() { clear(); }

    size_t size() const { return _n; }
    bool empty() const { return !_n; }
    size_t bucket_count() const { return (size_t) _buckets.size(); }
    iterator begin() { return iterator(this, 0, nullptr); }
    iterator end() { return iterator(this, _buckets.size(), nullptr); }
    const_iterator begin() const { return const_iterator(this, 0, nullptr); }
    const_iterator end() const { return const_iterator(this, _buckets.size(), nullptr); }
    iterator find(const key_type &k) { int b = bucket(k); Node *n = lookup(b, k); return n ? iterator(this, b, n) : end(); }
    const_iterator find(const key_type &k) const { int b = bucket(k); Node *n = lookup(b, k); return n ? const_iterator(this, b, n) : end(); }
    size_t count(const key_type &k) const { return lookup(bucket(k), k) != nullptr; }
    T *get(const key_type &k) const { Node *n = lookup(bucket(k), k); return n ? &n->x : nullptr; }
    T &operator[](const key_type &k) { return *find_insert(T(k)); }
    /** What has @a x's key, which is a copy of @a x if nothing had. */
    iterator find_insert(const T &x) {
        const key_type &k = ::hashkey(x);
        int b = bucket(k);
        Node *n = lookup(b, k);
        if (!n) n = add(x), b = bucket(::hashkey(n->x));
        return iterator(this, b, n);
    }
    /** Insert or replace; true if the key is new. */
    bool set(const T &x) {
        if (T *old = get(::hashkey(x))) { *old = x; return false; }
        add(x);
        return true;
    }
    bool insert(const T &x) { return set(x); }
    size_t erase(const key_type &k) {
        if (!_n) return 0;
        for (Node **pp = &_buckets[bucket(k)]; *pp; pp = &(*pp)->next)
            if (::hashkey((*pp)->x) == k) { Node *n = *pp; *pp = n->next; delete n; --_n; return 1; }
        return 0;
    }
    iterator erase(const iterator &it) {
        iterator next = it;
        ++next;
        for (Node **pp = &_buckets[it._b]; *pp; pp = &(*pp)->next)
            if (*pp == it._n) { *pp = it._n->next; delete it._n; --_n; break; }
        return next;
    }
    void clear() {
        for (Node *&b : _buckets)
            while (Node *n = b) b = n->next, delete n;
        _n = 0;
    }
    void rehash(size_t n) {
        int want = 8;
        while ((size_t) want < n && want < (1 << 28)) want *= 2;
        Vector<Node *> old(want, nullptr);
        old.swap(_buckets);
        for (Node *b : old)
            while (Node *x = b) { b = x->next; Node *&head = _buckets[bucket(::hashkey(x->x))]; x->next = head; head = x; }
    }
    void balance() { if ((int) _n >= _buckets.size()) rehash(_n + 1); }
    bool unbalanced() const { return (int) _n > 2 * _buckets.size(); }
    void swap(HashTable &x) noexcept { _buckets.swap(x._buckets); std::swap(_n, x._n); }

  private:
    Vector<Node *> _buckets;
    size_t _n = 0;
    int bucket(const key_type &k) const {
        if (_buckets.empty()) return 0;
        uint32_t h = (uint32_t) ::hashcode(k) * 0x9E3779B1U;
        return (h ^ (h >> 15)) & (_buckets.size() - 1);
    }
    Node *lookup(int b, const key_type &k) const {
        for (Node *n = _buckets.empty() ? nullptr : _buckets[b]; n; n = n->next)
            if (::hashkey(n->x) == k) return n;
        return nullptr;
    }
    Node *add(const T &x) {
        balance();
        Node *&head = _buckets[bucket(::hashkey(x))];
        head = new Node{x, head};
        ++_n;
        return head;
    }
    template <typename U> friend class basic_iterator;
};

template <typename K, typename V> class HashTable {
    typedef HashTable<Pair<const K, V>, void> rep;
  public:
    typedef K key_type;
    typedef V mapped_type;
    typedef Pair<const K, V> value_type;
    typedef size_t size_type;
    template <typename I, typename U> class basic_iterator : public I { public:
        basic_iterator() {}
        basic_iterator(const I &i) : I(i) {}
        template <typename J, typename W> basic_iterator(const basic_iterator<J, W> &i) : I(static_cast<typename rep::const_iterator>(static_cast<const J &>(i))) {}
        const K &key() const { return I::operator->()->first; }
        U &value() const { return I::operator->()->second; }
    };
    typedef basic_iterator<typename rep::iterator, V> iterator;
    typedef basic_iterator<typename rep::const_iterator, const V> const_iterator;

    HashTable() : _dflt() {}
    explicit HashTable(const V &dflt) : _dflt(dflt) {}
    HashTable(const V &dflt, size_t n) : _dflt(dflt) { _r.rehash(n); }
    size_t size() const { return _r.size(); }
    bool empty() const { return _r.empty(); }
    size_t bucket_count() const { return _r.bucket_count(); }
    const V &default_value() const { return _dflt; }
    void set_default(const V &v) { _dflt = v; }
    iterator begin() { return _r.begin(); }
    iterator end() { return _r.end(); }
    const_iterator begin() const { return _r.begin(); }
    const_iterator end() const { return _r.end(); }
    iterator find(const K &k) { return _r.find(k); }
    const_iterator find(const K &k) const { return _r.find(k); }
    size_t count(const K &k) const { return _r.count(k); }
    const V &get(const K &k) const { const value_type *p = _r.get(k); return p ? p->second : _dflt; }
    V *get_pointer(const K &k) { value_type *p = _r.get(k); return p ? &p->second : nullptr; }
    const V *get_pointer(const K &k) const { const value_type *p = _r.get(k); return p ? &p->second : nullptr; }
    const V &operator[](const K &k) const { return get(k); }
    V &operator[](const K &k) { return find_insert(k)->second; }
    bool set(const K &k, const V &v) { size_t n = size(); (*this)[k] = v; return size() != n; }
    bool insert(const K &k, const V &v) { return set(k, v); }
    iterator find_insert(const K &k) {
        iterator it = _r.find(k);
        return it ? it : iterator(_r.find_insert(value_type(k, _dflt)));
    }
    iterator find_insert(const K &k, const V &v) {
        iterator it = _r.find(k);
        return it ? it : iterator(_r.find_insert(value_type(k, v)));
    }
    iterator find_insert(const value_type &x) { return _r.find_insert(x); }
    size_t erase(const K &k) { return _r.erase(k); }
    iterator erase(const iterator &it) { return _r.erase(it); }
    void clear() { _r.clear(); }
    void rehash(size_t n) { _r.rehash(n); }
    void balance() { _r.balance(); }
    bool unbalanced() const { return _r.unbalanced(); }
    void swap(HashTable &x) { _r.swap(x._r); std::swap(_dflt, x._dflt); }

  private:
    rep _r;
    V _dflt;
};
template <typename K, typename V> inline void click_swap(HashTable<K, V> &a, HashTable<K, V> &b) { a.swap(b); }

CLICK_ENDDECLS
#endif
