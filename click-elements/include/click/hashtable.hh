// HashTable<K, V>: chained hash table with Click's interface (operator[] inserts, get() does not).
#ifndef CLICK_HASHTABLE_HH
#define CLICK_HASHTABLE_HH
#include <click/vector.hh>
CLICK_DECLS

template <typename K, typename V> class HashTable {
    struct Node { std::pair<const K, V> kv; Node *next; };
  public:
    typedef K key_type;
    typedef V mapped_type;
    typedef std::pair<const K, V> value_type;

    template <typename T> class basic_iterator { public:
        basic_iterator(const HashTable *t, int b, Node *n) : _t(t), _b(b), _n(n) { settle(); }
        bool live() const { return _n; }
        explicit operator bool() const { return live(); }
        T *operator->() const { return &_n->kv; }
        T &operator*() const { return _n->kv; }
        const K &key() const { return _n->kv.first; }
        auto &value() const { return ((T &) _n->kv).second; }
        void operator++() { _n = _n->next; if (!_n) ++_b, settle(); }
        void operator++(int) { ++*this; }
        bool operator==(const basic_iterator &x) const { return _n == x._n; }
        bool operator!=(const basic_iterator &x) const { return _n != x._n; }
      private:
        friend class HashTable;
        const HashTable *_t; int _b; Node *_n;
        void settle() { while (!_n && _b < _t->_buckets.size() && !(_n = _t->_buckets[_b])) ++_b; }
    };
    typedef basic_iterator<value_type> iterator;
    typedef basic_iterator<const value_type> const_iterator;

    HashTable() : _n(0) {}
    explicit HashTable(const V &dflt) : _dflt(dflt), _n(0) {}
    HashTable(const HashTable &) = delete;
    HashTable &operator=(const HashTable &) = delete;
    ~HashTable() { clear(); }

    int size() const { return _n; }
    bool empty() const { return !_n; }
    iterator begin() { return iterator(this, 0, nullptr); }
    iterator end() { return iterator(this, _buckets.size(), nullptr); }
    const_iterator begin() const { return const_iterator(this, 0, nullptr); }
    const_iterator end() const { return const_iterator(this, _buckets.size(), nullptr); }
    iterator find(const K &k) { int b = bucket(k); Node *n = lookup(b, k); return n ? iterator(this, b, n) : end(); }
    const_iterator find(const K &k) const { int b = bucket(k); Node *n = lookup(b, k); return n ? const_iterator(this, b, n) : end(); }
    int count(const K &k) const { return lookup(bucket(k), k) != nullptr; }
    const V &get(const K &k) const { Node *n = lookup(bucket(k), k); return n ? n->kv.second : _dflt; }
    V *get_pointer(const K &k) const { Node *n = lookup(bucket(k), k); return n ? &n->kv.second : nullptr; }
    V &operator[](const K &k) { return insert_node(k)->kv.second; }
    bool set(const K &k, const V &v) { int n = _n; insert_node(k)->kv.second = v; return _n != n; }
    bool insert(const K &k, const V &v) { return set(k, v); }
    iterator find_insert(const K &k) { Node *n = insert_node(k); return iterator(this, bucket(k), n); }
    int erase(const K &k) {
        if (!_n) return 0;
        for (Node **pp = &_buckets[bucket(k)]; *pp; pp = &(*pp)->next)
            if ((*pp)->kv.first == k) { Node *n = *pp; *pp = n->next; delete n; --_n; return 1; }
        return 0;
    }
    iterator erase(iterator it) { iterator next = it; ++next; erase(it.key()); return next; }
    void clear() {
        for (Node *&b : _buckets)
            while (Node *n = b) b = n->next, delete n;
        _n = 0;
    }

  private:
    Vector<Node *> _buckets;
    V _dflt = V();
    int _n;

    int bucket(const K &k) const {
        if (_buckets.empty()) return 0;
        uint32_t h = hashcode(k) * 0x9E3779B1U;
        return (h ^ (h >> 15)) & (_buckets.size() - 1);
    }
    Node *lookup(int b, const K &k) const {
        for (Node *n = _buckets.empty() ? nullptr : _buckets[b]; n; n = n->next)
            if (n->kv.first == k) return n;
        return nullptr;
    }
    Node *insert_node(const K &k) {
        if (Node *n = lookup(bucket(k), k)) return n;
        if (_n >= _buckets.size()) {
            Vector<Node *> old(_buckets.empty() ? 8 : _buckets.size() * 2, nullptr);
            old.swap(_buckets);
            for (Node *b : old)
                while (Node *n = b) { b = n->next; Node *&head = _buckets[bucket(n->kv.first)]; n->next = head; head = n; }
        }
        Node *&head = _buckets[bucket(k)];
        head = new Node{{k, _dflt}, head};
        ++_n;
        return head;
    }
    template <typename T> friend class basic_iterator;
};
template <typename K, typename V> using HashMap = HashTable<K, V>;

CLICK_ENDDECLS
#endif
